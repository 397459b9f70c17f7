package io.jenkins.plugins.gitops.core.delivery;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The approval that changes of an environment require.
 *
 * @param groups groups whose members may approve; empty when only users are listed
 * @param users ids of users who may approve; empty when only groups are listed
 * @param count required number of approvals, at least 1
 * @param allowsUnknownRequester whether a promotion may be approved if neither the requester nor any author is known,
 *     so that no person is excluded
 */
public record ApprovalPolicy(List<String> groups, List<String> users, int count, boolean allowsUnknownRequester) {
    public ApprovalPolicy {
        groups = List.copyOf(groups);
        users = List.copyOf(users);
    }

    /** A policy that rejects promotions without a known person. */
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
