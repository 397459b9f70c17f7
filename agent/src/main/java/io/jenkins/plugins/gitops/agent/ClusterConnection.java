package io.jenkins.plugins.gitops.agent;

import io.fabric8.kubernetes.client.Config;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;

/** Creates the client configuration for a cluster. */
public final class ClusterConnection {
    private static final int RETRIES = 2;

    private ClusterConnection() {}

    /** @throws UserErrorException if the kubeconfig cannot be read */
    public static Config of(AgentConfig.ClusterAccess access) throws UserErrorException {
        if (access.kubeconfig() == null) {
            return Config.autoConfigure(access.context());
        }
        String file = access.kubeconfig().toString();
        Config config;
        try {
            config = Config.fromKubeconfig(access.context(), Files.readString(access.kubeconfig()), file);
        } catch (IOException e) {
            throw new UserErrorException("The kubeconfig " + file + " cannot be read", "Name a file that exists")
                    .causedBy(e);
        } catch (RuntimeException e) {
            // The parser's message may contain a token.
            throw new UserErrorException(file + " is not a kubeconfig", "Check it with kubectl --kubeconfig " + file)
                    .causedBy(e);
        }
        if (config.getCurrentContext() == null) {
            throw noContext(access, file);
        }
        return config;
    }

    private static UserErrorException noContext(AgentConfig.ClusterAccess access, String file) {
        return access.context() == null
                ? new UserErrorException(
                        "The kubeconfig " + file + " has no current context", "Set cluster.context, or current-context")
                : new UserErrorException(
                        "The kubeconfig " + file + " has no context " + access.context(),
                        "Set cluster.context to one of those that kubectl config get-contexts lists");
    }

    /** Returns the configuration with the settings that all our clients share. */
    public static Config prepared(Config kubernetes) {
        kubernetes.setUserAgent("gitops-agent");
        kubernetes.setRequestRetryBackoffLimit(RETRIES);
        return kubernetes;
    }
}
