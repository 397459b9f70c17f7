package io.jenkins.plugins.gitops.core.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** The branch that Flux follows, according to its revisions. */
public class FluxBranchTest {
    private static final String COMMIT = "9a8ac2eb726ee442a94a5b9ffa4dcc436370972d";

    @Test
    public void revisionNamesItsBranch() {
        assertThat(FluxRevision.branch("main@sha1:" + COMMIT), is("main"));
        assertThat(FluxRevision.branch("release/1.x@sha1:" + COMMIT), is("release/1.x"));
        assertThat(FluxRevision.branch("main/" + COMMIT), is("main"));
        assertThat(FluxRevision.branch("sha1:" + COMMIT), is(nullValue()));
        assertThat(FluxRevision.branch(COMMIT), is(nullValue()));
        assertThat(FluxRevision.branch("latest@sha256:abc"), is(nullValue()));
        assertThat(FluxRevision.branch(null), is(nullValue()));
    }

    @Test
    public void unfetchedBranchIsNamed() throws Exception {
        FluxCase played = FluxCase.read("14-other-branch-merge-commit");
        FluxEventLog ledger = new FluxEventLog();
        for (FluxCase.Sent sent : played.heard()) {
            ledger.accept(sent.body(), played.moment(sent.at()));
        }
        Verdict verdict = decided(played, ledger, 75);
        assertThat(verdict, instanceOf(Verdict.Waiting.class));
        assertThat(verdict.summary(), containsString("is at 55092308 of release"));
    }

    @Test
    public void otherBranchWithoutTheChangeEndsTheWait() throws Exception {
        FluxCase played = FluxCase.read("14-other-branch-merge-commit");
        String before = "432b8017";
        FluxEventLog ledger = new FluxEventLog();
        for (FluxCase.Sent sent : played.heard()) {
            if (new String(sent.body(), StandardCharsets.UTF_8).contains("sha1:" + before)) {
                ledger.accept(sent.body(), played.moment(sent.at()));
            }
        }
        assertThat(decided(played, ledger, 300), instanceOf(Verdict.Waiting.class));
        byte[] last = played.heard().get(2).body();
        ledger.accept(FluxRecordings.at(last, played.moment(121)), played.moment(121));
        assertThat(decided(played, ledger, 300), instanceOf(Verdict.Stalled.class));
    }

    private static Verdict decided(FluxCase played, FluxEventLog ledger, double seconds) throws Exception {
        Instant now = played.moment(seconds);
        AgentSnapshot snapshot = ledger.snapshot(played.deployedBy(false), "", played.folder(), now)
                .orElseThrow();
        return AwaitDecision.decide(
                played.expectation(false),
                List.of(snapshot),
                played.history(seconds).withoutOtherBranches(),
                now);
    }
}
