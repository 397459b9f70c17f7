package io.jenkins.plugins.gitops.core.promotion;

import java.util.Set;

/**
 * One person's approval.
 *
 * @param user id of the person
 * @param groups the person's groups at the time of the approval
 */
public record Approval(String user, Set<String> groups) {
    public Approval {
        groups = Set.copyOf(groups);
    }
}
