package io.jenkins.plugins.gitops.core.delivery;

import java.util.List;
import java.util.Optional;

/**
 * The branches of multibranch projects that may deliver to an environment. Does not apply to jobs outside of
 * multibranch projects.
 *
 * @param patterns of branches and, with the prefix {@code tag:}, of tags; empty for all
 * @param changeRequests which change requests may deliver; with patterns, only those whose target branch matches one
 */
public record BranchPolicy(List<String> patterns, ChangeRequests changeRequests) {
    /** The default: everything except change requests from forks. */
    public static final BranchPolicy DEFAULT = new BranchPolicy(List.of(), ChangeRequests.SAME_REPOSITORY);

    /** Which change requests may deliver. */
    public enum ChangeRequests {
        /** None. */
        REFUSE,
        /** Those from the repository itself, whose authors can push to it. */
        SAME_REPOSITORY,
        /** All, including those from forks, so that any user who can open one can deliver. */
        ALL;

        static ChangeRequests of(String word) {
            return switch (word) {
                case "refuse" -> REFUSE;
                case "sameRepository" -> SAME_REPOSITORY;
                case "all" -> ALL;
                default -> throw new IllegalArgumentException(word);
            };
        }
    }

    public BranchPolicy {
        patterns = List.copyOf(patterns);
    }

    /** The policy if change requests are not configured: a list of branches allows only those branches. */
    static BranchPolicy of(List<String> patterns) {
        return patterns.isEmpty() ? DEFAULT : new BranchPolicy(patterns, ChangeRequests.REFUSE);
    }

    /** Why builds of this source may not deliver, for messages; empty when they may. */
    public Optional<String> refusal(BuildSource source) {
        return switch (source.changeRequest()) {
            case NONE -> branchRefusal(source);
            case SAME_REPOSITORY ->
                changeRequests == ChangeRequests.REFUSE
                        ? Optional.of("change requests may not deliver there")
                        : targetRefusal(source);
            case FORK -> forkRefusal(source, "change requests from forks may not deliver there");
            case UNKNOWN ->
                forkRefusal(
                        source,
                        "it is not known whether this change request is from a fork, and those may not deliver there");
        };
    }

    private Optional<String> forkRefusal(BuildSource source, String refusal) {
        return changeRequests == ChangeRequests.ALL ? targetRefusal(source) : Optional.of(refusal);
    }

    private Optional<String> branchRefusal(BuildSource source) {
        String branch = source.branch();
        return branch == null || fits(branch)
                ? Optional.empty()
                : Optional.of("branch " + branch + " is not one of those that may deliver there: " + describe());
    }

    private Optional<String> targetRefusal(BuildSource source) {
        if (patterns.isEmpty()) {
            return Optional.empty();
        }
        String target = source.target();
        if (target == null) {
            return Optional.of("it is not known which branch this change request is for, and only these may deliver"
                    + " there: " + describe());
        }
        return fits(target)
                ? Optional.empty()
                : Optional.of("this change request is for branch " + target
                        + ", which is not one of those that may deliver there: " + describe());
    }

    private boolean fits(String branch) {
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> BranchPattern.matches(pattern, branch));
    }

    private String describe() {
        return String.join(", ", patterns);
    }
}
