package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import io.jenkins.plugins.gitops.core.promotion.Contributor;
import io.jenkins.plugins.gitops.promotion.ExcludedPerson.Role;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the people whose approval of a promotion does not count: who requested it, started the build, wrote its
 * changes, or did so for an earlier change of the same images. If approval is required and none of them is known, the
 * promotion is rejected, because the approver could be approving their own work.
 */
public final class FourEyes {
    private static final int MAX_UNKNOWN = 100;

    private final ExcludedPeople.Builder people = new ExcludedPeople.Builder();
    private final CommitUsers commitUsers = new CommitUsers();
    private final Set<String> unknown = new LinkedHashSet<>();
    private boolean someoneIsKnown;

    /** @param build the participants of the build that requests the promotion */
    public FourEyes(BuildParticipants build) {
        String first = build.starters().stream().findFirst().orElse(null);
        if (first != null) {
            addPerson(first, Role.REQUESTER, null);
        }
        build.starters().forEach(id -> addPerson(id, Role.STARTED, null));
        build.authors().forEach(author -> addAuthor(author, Role.AUTHOR, null));
        unknown.addAll(build.gaps());
    }

    /** @param id of the identity that the build runs as, often a technical user; null for the system */
    public FourEyes runsAs(@CheckForNull String id) {
        if (id != null && CommitUsers.isPerson(id)) {
            people.add(id, Role.RUNS_AS, null);
        }
        return this;
    }

    /** @param contributors people who contributed to the promoted images, according to Git */
    public FourEyes contributors(List<Contributor> contributors) {
        for (Contributor contributor : contributors) {
            people.consider(contributor.displayName());
            String id = contributor.id();
            if (id != null) {
                addPerson(id, Role.EARLIER_CHANGE, contributor.describe());
            } else {
                addAuthor(
                        new CommitIdentity(Util.fixNull(contributor.name()), Util.fixNull(contributor.mail())),
                        Role.EARLIER_CHANGE,
                        contributor.describe());
            }
        }
        return this;
    }

    private void addPerson(String id, Role role, @CheckForNull String why) {
        if (CommitUsers.isPerson(id)) {
            people.add(id, role, why);
            someoneIsKnown = true;
        }
    }

    private void addAuthor(CommitIdentity author, Role role, @CheckForNull String why) {
        Set<String> ids = commitUsers.of(author);
        ids.forEach(id -> addPerson(id, role, why));
        if (ids.isEmpty()) {
            unknown.add(author.toString());
        }
    }

    /**
     * The excluded people of everything added so far.
     *
     * @param policy of the environment
     * @param target {@code application/environment}
     * @throws UserErrorException when no person is known and the policy does not allow that
     */
    public ExcludedPeople excluded(ApprovalPolicy policy, String target) throws UserErrorException {
        unknown.stream().limit(MAX_UNKNOWN).forEach(people::addUnknown);
        ExcludedPeople excluded = people.build(someoneIsKnown);
        requireSomeone(excluded, policy, target);
        return excluded;
    }

    private static void requireSomeone(ExcludedPeople excluded, ApprovalPolicy policy, String target)
            throws UserErrorException {
        if (!excluded.isSomeoneKnown() && !policy.allowsUnknownRequester()) {
            throw new UserErrorException(
                    "The promotion of " + target
                            + " needs approval by another person, but no person is known who started"
                            + " this build or wrote its changes" + strangers(excluded.unknown()),
                    "Start the build as a person, set the mail addresses of the commits on the authors' Jenkins users,"
                            + " or set approval.unknownRequester: allow in gitops.yaml");
        }
    }

    private static String strangers(List<String> names) {
        return names.isEmpty()
                ? ""
                : " (not users of this Jenkins: " + String.join(", ", names.subList(0, Math.min(5, names.size())))
                        + (names.size() > 5 ? ", ..." : "") + ")";
    }

    /**
     * The approval gate to check right before a promotion is written. Does not query the security realm: the users were
     * determined when the promotion was requested.
     *
     * @param contributors people who contributed to the promoted images, according to the newest state of Git
     * @throws UserErrorException when one of them was not known at the time of the request, or no person is known
     */
    public static ApprovalGate gate(PromotionRequest request, ApprovalPolicy policy, List<Contributor> contributors)
            throws UserErrorException {
        ExcludedPeople excluded = request.excludedPeople();
        for (Contributor contributor : contributors) {
            if (!excluded.isConsidered(contributor.displayName())) {
                throw new UserErrorException(
                        contributor.displayName() + " " + contributor.describe()
                                + ", which was not known when the promotion was requested",
                        "Request the promotion again");
            }
        }
        requireSomeone(excluded, policy, request.getApplication() + "/" + request.getTo());
        return PendingPromotions.gate(policy, excluded.ids());
    }
}
