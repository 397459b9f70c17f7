package io.jenkins.plugins.gitops.agent.embedded;

/**
 * Where an object stands.
 *
 * @param namespace {@code ""} for objects of the cluster
 */
record ObjectKey(String group, String plural, String namespace, String name) {
    boolean isOf(String otherGroup, String otherPlural) {
        return group.equals(otherGroup) && plural.equals(otherPlural);
    }
}
