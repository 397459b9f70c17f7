package io.jenkins.plugins.gitops.core.promotion;

import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Decides whose approval counts, and whether the approvals suffice. The four-eyes principle excludes the requester, the
 * user who started the build, and the authors of what is promoted. If the required number of approvals is at least the
 * number of groups, each group must be represented.
 */
public final class ApprovalGate {
    private final ApprovalPolicy policy;
    private final Set<String> excluded = new HashSet<>();
    private final UnaryOperator<String> userKey;
    private final UnaryOperator<String> groupKey;

    /**
     * @param excluded ids of the requester, the user who started the build, and the authors
     * @param userKey normalizes user ids as the security realm compares them (often lower case)
     * @param groupKey normalizes group names in the same way
     */
    public ApprovalGate(
            ApprovalPolicy policy,
            Set<String> excluded,
            UnaryOperator<String> userKey,
            UnaryOperator<String> groupKey) {
        this.policy = policy;
        this.userKey = userKey;
        this.groupKey = groupKey;
        excluded.forEach(id -> this.excluded.add(userKey.apply(id)));
    }

    /** Why this person's approval would not count; empty when it would. */
    public Optional<String> refusal(Approval candidate, List<Approval> soFar) {
        if (excluded.contains(userKey.apply(candidate.user()))) {
            return Optional.of(candidate.user()
                    + " requested this promotion, started its build or wrote the change; another person must approve");
        }
        if (!isListed(candidate)) {
            return Optional.of(candidate.user() + " is not among the approvers: " + policy.describe());
        }
        if (soFar.stream().anyMatch(a -> sameUser(a, candidate))) {
            return Optional.of(candidate.user() + " has already approved");
        }
        return Optional.empty();
    }

    /**
     * What is still required, as text for people; empty when the approvals suffice. Ignores approvals that do not
     * count.
     */
    public Optional<String> missing(List<Approval> approvals) {
        List<Approval> counted = new ArrayList<>();
        for (Approval approval : approvals) {
            if (refusal(approval, counted).isEmpty()) {
                counted.add(approval);
            }
        }
        if (counted.size() < policy.count()) {
            return Optional.of(counted.size() + " of " + policy.count() + " approvals by " + policy.describe());
        }
        List<String> groups = policy.groups();
        if (policy.count() < groups.size()) {
            return Optional.empty();
        }
        List<String> open = unmatched(groups, counted);
        return open.isEmpty() ? Optional.empty() : Optional.of("an approval by group " + String.join(", ", open));
    }

    private boolean isListed(Approval candidate) {
        String user = userKey.apply(candidate.user());
        return policy.users().stream().anyMatch(u -> userKey.apply(u).equals(user))
                || policy.groups().stream().anyMatch(g -> isMember(candidate, g));
    }

    private boolean isMember(Approval candidate, String group) {
        String wanted = groupKey.apply(group);
        return candidate.groups().stream().anyMatch(g -> groupKey.apply(g).equals(wanted));
    }

    private boolean sameUser(Approval one, Approval other) {
        return userKey.apply(one.user()).equals(userKey.apply(other.user()));
    }

    /**
     * The groups that stay unrepresented if each approver represents at most one group (maximum matching by augmenting
     * paths; an explicitly listed user can represent any).
     */
    private List<String> unmatched(List<String> groups, List<Approval> approvals) {
        Map<Approval, String> standsFor = new HashMap<>();
        List<String> open = new ArrayList<>();
        for (String group : groups) {
            if (!assign(group, approvals, standsFor, new HashSet<>())) {
                open.add(group);
            }
        }
        return open;
    }

    private boolean assign(
            String group, List<Approval> approvals, Map<Approval, String> standsFor, Set<Approval> tried) {
        for (Approval approval : approvals) {
            if (!representsGroup(approval, group) || !tried.add(approval)) {
                continue;
            }
            String taken = standsFor.get(approval);
            if (taken == null || assign(taken, approvals, standsFor, tried)) {
                standsFor.put(approval, group);
                return true;
            }
        }
        return false;
    }

    private boolean representsGroup(Approval approval, String group) {
        String user = userKey.apply(approval.user());
        return isMember(approval, group)
                || policy.users().stream().anyMatch(u -> userKey.apply(u).equals(user));
    }
}
