package io.jenkins.plugins.gitops.agent.application;

import java.util.List;

/**
 * Builds specs for tests. By default, sync is automated with pruning and self-heal, the namespace is created, and
 * everything else is as in a manifest without further fields.
 */
public final class ApplicationSpecBuilder {
    private final String path;
    private final String namespace;
    private boolean automated = true;
    private boolean prune = true;
    private boolean selfHeal = true;
    private boolean allowEmpty;
    private boolean createNamespace = true;
    private String propagation = "foreground";
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private List<IgnoreDifferenceRule> ignoreDifferences = List.of();

    public ApplicationSpecBuilder(String path, String namespace) {
        this.path = path;
        this.namespace = namespace;
    }

    public ApplicationSpecBuilder automated(boolean value) {
        automated = value;
        return this;
    }

    public ApplicationSpecBuilder prune(boolean value) {
        prune = value;
        return this;
    }

    public ApplicationSpecBuilder selfHeal(boolean value) {
        selfHeal = value;
        return this;
    }

    public ApplicationSpecBuilder allowEmpty(boolean value) {
        allowEmpty = value;
        return this;
    }

    public ApplicationSpecBuilder createNamespace(boolean value) {
        createNamespace = value;
        return this;
    }

    public ApplicationSpecBuilder propagation(String value) {
        propagation = value;
        return this;
    }

    public ApplicationSpecBuilder retry(RetryPolicy value) {
        retry = value;
        return this;
    }

    public ApplicationSpecBuilder ignoreDifferences(List<IgnoreDifferenceRule> rules) {
        ignoreDifferences = rules;
        return this;
    }

    public ApplicationSpec build() {
        return new ApplicationSpec(
                path,
                namespace,
                automated,
                prune,
                selfHeal,
                allowEmpty,
                createNamespace,
                propagation,
                retry,
                ignoreDifferences,
                ResourceOptions.NONE);
    }
}
