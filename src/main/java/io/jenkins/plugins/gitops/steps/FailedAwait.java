package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.io.Serializable;

/** An awaited change that did not become live. Plain data, immutable. */
final class FailedAwait implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Index of the awaited change. */
    final int at;

    final ChangeRecord.Outcome outcome;
    /** One line. */
    final String summary;

    final ObservedTarget observed;
    /**
     * The result of the rollback, or why there was none; null until that is known, or when no rollback was requested.
     */
    @CheckForNull
    final String rollback;

    /**
     * Whether nothing proves that the change itself failed: it timed out for an unknown reason or for another cause.
     */
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

    /** A copy for a change that is not proven to have failed. */
    FailedAwait unproven() {
        return new FailedAwait(at, outcome, summary, observed, rollback, true);
    }

    /** Whether the change itself failed, which a rollback requires. */
    boolean isProven() {
        return outcome != ChangeRecord.Outcome.STALLED && !unproven;
    }

    FailedAwait rolledBack(String inWords) {
        return new FailedAwait(at, outcome, summary, observed, inWords, unproven);
    }
}
