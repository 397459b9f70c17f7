package io.jenkins.plugins.gitops.agent.embedded;

/**
 * Identifies an object.
 *
 * @param namespace {@code ""} for cluster-scoped objects
 */
record ObjectKey(String group, String plural, String namespace, String name) {
    boolean isOf(String otherGroup, String otherPlural) {
        return group.equals(otherGroup) && plural.equals(otherPlural);
    }
}
