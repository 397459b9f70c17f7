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
 */
public record ApprovalPolicy(List<String> groups, List<String> users, int count) {
    public ApprovalPolicy {
        groups = List.copyOf(groups);
        users = List.copyOf(users);
    }

    /** Who may approve, for messages: {@code group payments-leads, user bob}. */
    public String describe() {
        return Stream.concat(
                        groups.stream().map("group "::concat), users.stream().map("user "::concat))
                .collect(Collectors.joining(", "));
    }
}
