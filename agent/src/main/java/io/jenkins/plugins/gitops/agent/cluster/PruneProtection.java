package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions.Pruning;

/**
 * What an application keeps although it was removed from Git.
 *
 * @param namespace the one that {@code CreateNamespace=true} creates; null without that option
 * @param defaults options for resources without their own
 */
record PruneProtection(@CheckForNull String namespace, ResourceOptions defaults) {

    static PruneProtection of(ApplicationSpec spec) {
        return new PruneProtection(spec.createNamespace() ? spec.namespace() : null, spec.resourceOptions());
    }

    /**
     * Whether this is the namespace that the application requests with {@code CreateNamespace=true}, which is kept with
     * or without a manifest.
     */
    boolean isOwnNamespace(LiveObject live) {
        return live.id().kind().isOneOf("Namespace") && live.id().name().equals(namespace);
    }

    /** What happens to a live object that was removed from Git; its own annotations take precedence. */
    Pruning of(LiveObject live) {
        return live.options().orElse(defaults).pruning();
    }
}
