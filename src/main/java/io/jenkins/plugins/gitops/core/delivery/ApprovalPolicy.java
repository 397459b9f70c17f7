package io.jenkins.plugins.gitops.core.delivery;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who has to approve what reaches an environment.
 *
 * @param groups groups whose members may approve; empty when only users are named
 * @param users ids of users who may approve; empty when only groups are named
 * @param count how many approvals are needed, at least 1
 * @param allowsUnknownRequester whether a promotion may be approved of which no person is known: neither who asked nor who
 *     wrote what is promoted, so nobody is excluded
 */
public record ApprovalPolicy(List<String> groups, List<String> users, int count, boolean allowsUnknownRequester) {
    public ApprovalPolicy {
        groups = List.copyOf(groups);
        users = List.copyOf(users);
    }

    /** Refuses promotions of which no person is known. */
    public ApprovalPolicy(List<String> groups, List<String> users, int count) {
        this(groups, users, count, false);
    }

    /** Who may approve, for messages: {@code group payments-leads, user bob}. */
    public String describe() {
        return Stream.concat(
                        groups.stream().map("group "::concat), users.stream().map("user "::concat))
                .collect(Collectors.joining(", "));
    }
}
