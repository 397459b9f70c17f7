package io.jenkins.plugins.gitops.core.promotion;

import java.util.Set;

/**
 * One person's yes.
 *
 * @param user id of the person
 * @param groups those the person belonged to when saying so
 */
public record Approval(String user, Set<String> groups) {
    public Approval {
        groups = Set.copyOf(groups);
    }
}
