package io.jenkins.plugins.gitops.core.delivery;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.delivery.BranchPolicy.ChangeRequests;
import io.jenkins.plugins.gitops.core.delivery.BuildSource.ChangeRequest;
import java.util.List;
import org.junit.Test;

public class BranchPolicyTest {
    private static final BuildSource OTHER = BuildSource.unknown();
    private static final BuildSource MAIN = BuildSource.branch("main");
    private static final BuildSource RELEASE = BuildSource.branch("release/1.0");
    private static final BuildSource TOPIC = BuildSource.branch("topic");
    private static final BuildSource TAG = BuildSource.tag("v1");
    private static final BuildSource OWN = request(ChangeRequest.SAME_REPOSITORY, "main");
    private static final BuildSource OWN_TO_TOPIC = request(ChangeRequest.SAME_REPOSITORY, "topic");
    private static final BuildSource OWN_TO_ANY = request(ChangeRequest.SAME_REPOSITORY, null);
    private static final BuildSource FORK = request(ChangeRequest.FORK, "main");
    private static final BuildSource UNKNOWN = request(ChangeRequest.UNKNOWN, "main");
    private static final BuildSource FORK_TO_TOPIC = request(ChangeRequest.FORK, "topic");

    private static final List<BuildSource> ALL =
            List.of(OTHER, MAIN, RELEASE, TOPIC, TAG, OWN, OWN_TO_TOPIC, OWN_TO_ANY, FORK, UNKNOWN, FORK_TO_TOPIC);

    @Test
    public void onlyBranchesInThePolicyDeliver() {
        List<String> any = List.of();
        List<String> named = List.of("main", "release/*");
        deliver(BranchPolicy.DEFAULT, OTHER, MAIN, RELEASE, TOPIC, TAG, OWN, OWN_TO_TOPIC, OWN_TO_ANY);
        deliver(new BranchPolicy(any, ChangeRequests.REFUSE), OTHER, MAIN, RELEASE, TOPIC, TAG);
        deliver(new BranchPolicy(any, ChangeRequests.ALL), ALL.toArray(new BuildSource[0]));
        deliver(new BranchPolicy(named, ChangeRequests.REFUSE), OTHER, MAIN, RELEASE);
        deliver(new BranchPolicy(named, ChangeRequests.SAME_REPOSITORY), OTHER, MAIN, RELEASE, OWN);
        deliver(new BranchPolicy(named, ChangeRequests.ALL), OTHER, MAIN, RELEASE, OWN, FORK, UNKNOWN);
        deliver(new BranchPolicy(List.of("**"), ChangeRequests.REFUSE), OTHER, MAIN, RELEASE, TOPIC, TAG);
        deliver(new BranchPolicy(List.of("*"), ChangeRequests.REFUSE), OTHER, MAIN, TOPIC, TAG);
        deliver(new BranchPolicy(List.of("tag:v*"), ChangeRequests.REFUSE), OTHER, TAG);
    }

    /** Requires that exactly these sources may deliver. */
    private static void deliver(BranchPolicy policy, BuildSource... expected) {
        assertThat(
                policy.toString(),
                ALL.stream().filter(source -> policy.refusal(source).isEmpty()).toList(),
                is(List.of(expected)));
    }

    @Test
    public void rejectionNamesTheReason() {
        BranchPolicy named = new BranchPolicy(List.of("main", "release/*"), ChangeRequests.SAME_REPOSITORY);
        refuses(named, TOPIC, "branch topic is not one of those that may deliver there: main, release/*");
        refuses(named, FORK, "change requests from forks may not deliver there");
        refuses(
                named,
                UNKNOWN,
                "it is not known whether this change request is from a fork, and those may not deliver there");
        refuses(
                named,
                OWN_TO_TOPIC,
                "this change request is for branch topic, which is not one of those that may deliver there: main,"
                        + " release/*");
        refuses(
                named,
                OWN_TO_ANY,
                "it is not known which branch this change request is for, and only these may deliver there: main,"
                        + " release/*");
        refuses(BranchPolicy.of(List.of("main")), OWN, "change requests may not deliver there");
    }

    private static void refuses(BranchPolicy policy, BuildSource source, String why) {
        assertThat(policy.refusal(source).orElseThrow(), is(why));
    }

    @Test
    public void starsMatchTextWithAndWithoutSlashes() {
        for (Object[] row : new Object[][] {
            {"main", "main", true},
            {"main", "Main", false},
            {"main", "main2", false},
            {"main", "", false},
            {"release/*", "release/1.0", true},
            {"release/*", "release/", true},
            {"release/*", "release", false},
            {"release/*", "release/1/0", false},
            {"release/**", "release/1/0", true},
            {"*/x", "a/x", true},
            {"*/x", "a/b/x", false},
            {"**/x", "a/b/x", true},
            {"*", "main", true},
            {"*", "a/b", false},
            {"**", "a/b", true},
            {"a*b*c", "a1b2c", true},
            {"a*b*c", "a1c2b", false},
            {"a.c", "abc", false}
        }) {
            assertThat(row[0] + " " + row[1], BranchPattern.matches((String) row[0], (String) row[1]), is((boolean)
                    row[2]));
        }
    }

    @Test
    public void aHostilePatternCostsNoMoreThanAnother() {
        assertThat(BranchPattern.matches("a*".repeat(127), "a".repeat(2_000) + "b"), is(true));
        assertThat(BranchPattern.matches("*a".repeat(127), "a".repeat(2_000) + "b"), is(false));
    }

    private static BuildSource request(ChangeRequest whose, String target) {
        return BuildSource.changeRequest("PR-1", whose, target);
    }
}
