package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions.Pruning;

/**
 * What an application keeps though Git no longer holds it.
 *
 * @param namespace the one that {@code CreateNamespace=true} makes; null without that option
 * @param defaults options of resources that do not say otherwise
 */
record PruneProtection(@CheckForNull String namespace, ResourceOptions defaults) {

    static PruneProtection of(ApplicationSpec spec) {
        return new PruneProtection(spec.createNamespace() ? spec.namespace() : null, spec.resourceOptions());
    }

    /**
     * Whether this is the namespace that the application asks for by {@code CreateNamespace=true}: with or without a
     * manifest it is wanted.
     */
    boolean isOwnNamespace(LiveObject live) {
        return live.id().kind().isOneOf("Namespace") && live.id().name().equals(namespace);
    }

    /** What happens to a live object that Git no longer holds, by its own annotations first. */
    Pruning of(LiveObject live) {
        return live.options().orElse(defaults).pruning();
    }
}
