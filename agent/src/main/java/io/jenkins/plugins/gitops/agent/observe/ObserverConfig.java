package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.AgentConfig.ClusterAccess;
import io.jenkins.plugins.gitops.agent.AgentConfig.HealthAddress;
import io.jenkins.plugins.gitops.agent.AgentConfig.Jenkins;
import java.time.Duration;
import java.util.List;

/**
 * What an observer is told.
 *
 * @param name as Jenkins knows it
 * @param jenkins where reports go; null for none
 * @param flux whether objects of Flux are read
 * @param argocd whether Applications of Argo CD are read
 * @param namespaces the only ones to look into; empty for all
 * @param requestReconcile whether Flux and Argo CD are asked to look at Git when Jenkins knows of a newer commit
 * @param heartbeat between two reports when nothing changed
 * @param health where {@code /healthz} and {@code /readyz} are answered; null for nowhere
 */
public record ObserverConfig(
        String name,
        @CheckForNull Jenkins jenkins,
        ClusterAccess cluster,
        boolean flux,
        boolean argocd,
        List<String> namespaces,
        boolean requestReconcile,
        Duration heartbeat,
        @CheckForNull HealthAddress health) {
    /** As the agent's own. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(2);

    public ObserverConfig {
        namespaces = List.copyOf(namespaces);
    }
}
