package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.reconcile.PruneLedger.Totals;
import java.util.Set;
import org.junit.Test;

/** Deletions of all applications are summed at the newest revision. */
public class PruneLedgerTest {
    private long now;
    private final PruneLedger ledger = new PruneLedger(() -> now);

    @Test
    public void neverComparedIsUnknown() {
        ledger.expect("r1", Set.of("a", "b"));
        ledger.compared("a", "r1", 2, 10);
        assertThat(ledger.totals(), is(new Totals(2, 0, 10, true)));
        ledger.compared("b", "r1", 0, 5);
        assertThat(ledger.totals(), is(new Totals(2, 0, 15, false)));
    }

    @Test
    public void olderRevisionIsOutstanding() {
        ledger.expect("r1", Set.of("a", "b"));
        ledger.compared("a", "r1", 0, 10);
        ledger.compared("b", "r1", 0, 5);
        ledger.expect("r2", Set.of("a", "b"));
        ledger.compared("a", "r2", 3, 10);
        assertThat(ledger.totals(), is(new Totals(3, 5, 15, false)));
    }

    @Test
    public void applicationThatCannotBeComparedDeletesNothing() {
        ledger.expect("r1", Set.of("a", "b"));
        ledger.compared("a", "r1", 0, 10);
        ledger.failed("b", "r1");
        assertThat(ledger.totals(), is(new Totals(0, 0, 10, false)));
    }

    @Test
    public void removedApplicationDoesNotCount() {
        ledger.expect("r1", Set.of("a", "b"));
        ledger.compared("a", "r1", 1, 10);
        ledger.compared("b", "r1", 1, 10);
        ledger.expect("r2", Set.of("a"));
        ledger.compared("b", "r2", 9, 10);
        ledger.failed("b", "r2");
        assertThat(ledger.totals(), is(new Totals(0, 10, 10, false)));
    }

    @Test
    public void applicationThatIsNeverComparedBlocksOthersOnlyForAWhile() {
        ledger.expect("r1", Set.of("a", "b"));
        ledger.compared("a", "r1", 1, 10);
        now += PruneLedger.SETTLE_TIME.toNanos() - 1;
        assertThat(ledger.totals().unknown(), is(true));
        now++;
        assertThat(ledger.totals(), is(new Totals(1, 0, 10, false)));
        ledger.expect("r1", Set.of("a", "b"));
        assertThat("the same revision does not begin anew", ledger.totals().unknown(), is(false));
        ledger.expect("r2", Set.of("a", "b"));
        assertThat(ledger.totals().unknown(), is(true));
    }
}
