package io.jenkins.plugins.gitops.agent;

import io.fabric8.kubernetes.client.Config;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.nio.file.Files;

/** How a configuration reaches its cluster. */
public final class ClusterConnection {
    private static final int RETRIES = 2;

    private ClusterConnection() {}

    /**
     * @throws RefusedException when the kubeconfig cannot be read
     */
    public static Config of(AgentConfig.ClusterAccess access) throws RefusedException {
        if (access.kubeconfig() == null) {
            return Config.autoConfigure(access.context());
        }
        try {
            String content = Files.readString(access.kubeconfig());
            return Config.fromKubeconfig(
                    access.context(), content, access.kubeconfig().toString());
        } catch (IOException e) {
            throw new RefusedException(
                            "The kubeconfig " + access.kubeconfig() + " cannot be read", "Name a file that is there")
                    .causedBy(e);
        }
    }

    /** The same, with what all clients of ours have in common. */
    public static Config prepared(Config kubernetes) {
        kubernetes.setUserAgent("gitops-agent");
        kubernetes.setRequestRetryBackoffLimit(RETRIES);
        return kubernetes;
    }
}
