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
 * Puts together whose approval of a promotion does not count: whoever asked, started, wrote, or did any of that for an
 * earlier change of the same images. Where approval is needed and no person at all can be named, there is no promotion:
 * anybody could be approving their own work.
 */
public final class FourEyes {
    private static final int MAX_UNKNOWN = 100;

    private final ExcludedPeople.Builder people = new ExcludedPeople.Builder();
    private final CommitUsers commitUsers = new CommitUsers();
    private final Set<String> unknown = new LinkedHashSet<>();
    private boolean someoneIsKnown;

    /** @param build those who stand behind the build that asks */
    public FourEyes(BuildParticipants build) {
        String first = build.starters().stream().findFirst().orElse(null);
        if (first != null) {
            addPerson(first, Role.REQUESTER, null);
        }
        build.starters().forEach(id -> addPerson(id, Role.STARTED, null));
        build.authors().forEach(author -> addAuthor(author, Role.AUTHOR, null));
        unknown.addAll(build.gaps());
    }

    /** @param id name of the identity that the build runs as, often a technical one; null for the system */
    public FourEyes runsAs(@CheckForNull String id) {
        if (id != null && CommitUsers.isPerson(id)) {
            people.add(id, Role.RUNS_AS, null);
        }
        return this;
    }

    /** @param contributors those who had a hand in what is promoted, by what Git says */
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
     * The gate right before a promotion is written. Asks no realm: who everybody is was found out when it was requested.
     *
     * @param contributors those who had a hand in it as Git shows them now
     * @throws UserErrorException when one of them was not there when people were asked, or nobody is known
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
