package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import io.jenkins.plugins.gitops.core.promotion.Person;
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
    private static final int MOST_UNKNOWN = 100;

    private final ExcludedPeople.Builder people = new ExcludedPeople.Builder();
    private final Accounts accounts = new Accounts();
    private final Set<String> unknown = new LinkedHashSet<>();
    private boolean someoneIsKnown;

    /** @param build those who stand behind the build that asks */
    public FourEyes(BuildPeople build) {
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
        if (id != null && Accounts.isPerson(id)) {
            people.add(id, Role.RUNS_AS, null);
        }
        return this;
    }

    /** @param contributors those who had a hand in what is promoted, by what Git says */
    public FourEyes contributors(List<Person> contributors) {
        for (Person person : contributors) {
            people.consider(person.shown());
            String id = person.id();
            if (id != null) {
                addPerson(id, Role.EARLIER_CHANGE, person.why());
            } else {
                addAuthor(
                        new SourceAuthor(Util.fixNull(person.name()), Util.fixNull(person.mail())),
                        Role.EARLIER_CHANGE,
                        person.why());
            }
        }
        return this;
    }

    private void addPerson(String id, Role role, @CheckForNull String why) {
        if (Accounts.isPerson(id)) {
            people.add(id, role, why);
            someoneIsKnown = true;
        }
    }

    private void addAuthor(SourceAuthor author, Role role, @CheckForNull String why) {
        Set<String> ids = accounts.of(author);
        ids.forEach(id -> addPerson(id, role, why));
        if (ids.isEmpty()) {
            unknown.add(author.toString());
        }
    }

    /**
     * @param policy of the environment
     * @param target {@code application/environment}
     * @throws RefusedException when no person is known and the policy does not allow that
     */
    public ExcludedPeople excluded(ApprovalPolicy policy, String target) throws RefusedException {
        unknown.stream().limit(MOST_UNKNOWN).forEach(people::addUnknown);
        ExcludedPeople excluded = people.build(someoneIsKnown);
        requireSomeone(excluded, policy, target);
        return excluded;
    }

    private static void requireSomeone(ExcludedPeople excluded, ApprovalPolicy policy, String target)
            throws RefusedException {
        if (!excluded.isSomeoneKnown() && !policy.allowsUnknownRequester()) {
            throw new RefusedException(
                    "The promotion of " + target
                            + " needs approval by another person, but no person is known who started"
                            + " this build or wrote its changes" + strangers(excluded.unknown()),
                    "Start the build as a person, give the authors' users in Jenkins the mail addresses of their commits,"
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
     * @throws RefusedException when one of them was not there when people were asked, or nobody is known
     */
    public static ApprovalGate gate(PromotionRequest request, ApprovalPolicy policy, List<Person> contributors)
            throws RefusedException {
        ExcludedPeople excluded = request.excludedPeople();
        for (Person person : contributors) {
            if (!excluded.isConsidered(person.shown())) {
                throw new RefusedException(
                        person.shown() + " " + person.why() + ", which was not known when the promotion was requested",
                        "Request the promotion again");
            }
        }
        requireSomeone(excluded, policy, request.getApplication() + "/" + request.getTo());
        return PendingPromotions.gate(policy, excluded.ids());
    }
}
