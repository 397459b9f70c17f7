package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.io.Serializable;

/** A change that a step waited for in vain. Plain data, immutable. */
final class FailedAwait implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Which of the awaited changes. */
    final int at;

    final ChangeRecord.Outcome outcome;
    /** One line. */
    final String summary;

    final ObservedTarget observed;
    /** Whether it was rolled back, to what, or why not; null until that is known, or when nobody asked for it. */
    @CheckForNull
    final String rollback;

    /** Whether nothing shows that the change itself failed: it is late, and nobody knows why or something else is to blame. */
    private final boolean unproven;

    FailedAwait(int at, ChangeRecord.Outcome outcome, String summary, ObservedTarget observedTarget) {
        this(at, outcome, summary, observedTarget, null, false);
    }

    private FailedAwait(
            int at,
            ChangeRecord.Outcome outcome,
            String summary,
            ObservedTarget observed,
            @CheckForNull String rollback,
            boolean unproven) {
        this.at = at;
        this.outcome = outcome;
        this.summary = TextSanitizer.line(summary);
        this.observed = observed;
        this.rollback = rollback == null ? null : TextSanitizer.line(rollback);
        this.unproven = unproven;
    }

    /** The same, of a change that nothing is proven against. */
    FailedAwait unproven() {
        return new FailedAwait(at, outcome, summary, observed, rollback, true);
    }

    /** Whether the change itself failed, which is what a rollback needs. */
    boolean isProven() {
        return outcome != ChangeRecord.Outcome.STALLED && !unproven;
    }

    FailedAwait rolledBack(String inWords) {
        return new FailedAwait(at, outcome, summary, observed, inWords, unproven);
    }
}
