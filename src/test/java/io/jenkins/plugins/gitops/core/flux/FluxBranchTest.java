package io.jenkins.plugins.gitops.core.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.sync.AwaitDecision;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** The branch that Flux follows, as its revisions say. */
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
    public void branchThatIsNotFetchedIsNamed() throws Exception {
        FluxCase played = FluxCase.read("14-other-branch-merge-commit");
        FluxLedger ledger = new FluxLedger();
        for (FluxCase.Sent sent : played.heard()) {
            ledger.take(sent.body(), played.moment(sent.at()));
        }
        Instant now = played.moment(75);
        Snapshot snapshot = ledger.snapshot(played.deployedBy(false), "", played.folder(), now)
                .orElseThrow();
        Verdict verdict = AwaitDecision.decide(
                played.expectation(false), List.of(snapshot), played.history(75).withoutOtherBranches(), now);
        assertThat(verdict, instanceOf(Verdict.Waiting.class));
        assertThat(verdict.summary(), containsString("is at 55092308 of release"));
    }
}
