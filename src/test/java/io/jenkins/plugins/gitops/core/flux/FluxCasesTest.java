package io.jenkins.plugins.gitops.core.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** The verdict and its message by the events of a real Flux, at each relevant time. */
@RunWith(Parameterized.class)
public class FluxCasesTest {
    private static final String NOT_KNOWN = "its health is unknown";

    private final String name;

    public FluxCasesTest(String name) {
        this.name = name;
    }

    @Parameters(name = "{0}")
    public static Collection<String> names() {
        return FluxCase.NAMES;
    }

    @Test
    public void waitEndsWithTheExpectedVerdict() throws Exception {
        FluxCase played = FluxCase.read(name);
        for (FluxCase.Expected expected : played.expected()) {
            Verdict verdict = verdict(played, expected);
            String moment = name + " after " + expected.after() + " s: " + verdict;
            assertThat(moment, word(verdict), is(in(expected.verdicts())));
            for (String part : expected.says()) {
                assertThat(moment, verdict.summary(), containsString(part));
            }
        }
    }

    private static Verdict verdict(FluxCase played, FluxCase.Expected expected) throws Exception {
        FluxEventLog ledger = new FluxEventLog();
        for (FluxCase.Sent sent : played.heard()) {
            if (sent.at() <= expected.after()) {
                assertThat(ledger.accept(sent.body(), played.moment(sent.at())).status(), is(202));
            }
        }
        Instant now = played.moment(expected.after());
        boolean checked = expected.healthChecked();
        List<AgentSnapshot> snapshots = ledger
                .snapshot(played.deployedBy(checked), "https://git.example.com/config.git", played.folder(), now)
                .stream()
                .toList();
        return AwaitDecision.decide(played.expectation(checked), snapshots, played.history(expected.after()), now);
    }

    private static String word(Verdict verdict) {
        if (verdict instanceof Verdict.Waiting) {
            return verdict.summary().contains(NOT_KNOWN) ? "unknown" : "waiting";
        }
        return verdict.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
