package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.AgentConfig.ClusterAccess;
import io.jenkins.plugins.gitops.agent.AgentConfig.HealthAddress;
import io.jenkins.plugins.gitops.agent.AgentConfig.Jenkins;
import java.time.Duration;
import java.util.List;

/**
 * The configuration of an observer.
 *
 * @param name the observer's name in Jenkins
 * @param jenkins where reports are sent; null for none
 * @param flux whether Flux objects are read
 * @param argocd whether Argo CD Applications are read
 * @param namespaces the namespaces to observe; empty for all
 * @param requestReconcile whether to request reconciliations and refreshes when Jenkins knows a newer commit
 * @param heartbeat the time between two reports without changes
 * @param health the address of {@code /healthz} and {@code /readyz}; null for none
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
    /** The same as the agent's. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(2);

    public ObserverConfig {
        namespaces = List.copyOf(namespaces);
    }
}
