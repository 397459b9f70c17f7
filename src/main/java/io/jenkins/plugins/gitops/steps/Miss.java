package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.CleanText;
import java.io.Serializable;

/** A change that a step waited for in vain. Plain data, immutable. */
final class Miss implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Which of the awaited changes. */
    final int at;

    final ChangeRecord.Outcome outcome;
    /** One line. */
    final String summary;

    final Sight sight;
    /** Whether it was rolled back, to what, or why not; null until that is known, or when nobody asked for it. */
    @CheckForNull
    final String rollback;

    /** Whether nothing shows that the change itself failed: it is late, and nobody knows why or something else is to blame. */
    private final boolean unproven;

    Miss(int at, ChangeRecord.Outcome outcome, String summary, Sight sight) {
        this(at, outcome, summary, sight, null, false);
    }

    private Miss(
            int at,
            ChangeRecord.Outcome outcome,
            String summary,
            Sight sight,
            @CheckForNull String rollback,
            boolean unproven) {
        this.at = at;
        this.outcome = outcome;
        this.summary = CleanText.line(summary);
        this.sight = sight;
        this.rollback = rollback == null ? null : CleanText.line(rollback);
        this.unproven = unproven;
    }

    /** The same, of a change that nothing is proven against. */
    Miss unproven() {
        return new Miss(at, outcome, summary, sight, rollback, true);
    }

    /** Whether the change itself failed, which is what a rollback needs. */
    boolean isProven() {
        return outcome != ChangeRecord.Outcome.STALLED && !unproven;
    }

    Miss rolledBack(String inWords) {
        return new Miss(at, outcome, summary, sight, inWords, unproven);
    }
}
