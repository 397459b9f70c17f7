package io.jenkins.plugins.gitops.agent.application;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * Fields of some resources that the cluster controls: differences are not drift, and the live values are not
 * overwritten.
 *
 * @param group API group, empty for the core group
 * @param kind for example {@code Deployment}
 * @param name null for any
 * @param namespace null for any
 * @param jsonPointers RFC 6901, for example {@code /spec/replicas}
 */
public record IgnoreDifferenceRule(
        String group,
        String kind,
        @CheckForNull String name,
        @CheckForNull String namespace,
        List<String> jsonPointers) {
    public IgnoreDifferenceRule {
        jsonPointers = List.copyOf(jsonPointers);
    }

    /** Whether the rule applies to a resource. */
    public boolean matches(String group, String kind, String namespace, String name) {
        return this.group.equals(group)
                && this.kind.equals(kind)
                && (this.name == null || this.name.equals(name))
                && (this.namespace == null || this.namespace.equals(namespace));
    }
}
