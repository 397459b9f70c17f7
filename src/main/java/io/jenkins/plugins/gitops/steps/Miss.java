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

    Miss(int at, ChangeRecord.Outcome outcome, String summary, Sight sight) {
        this(at, outcome, summary, sight, null);
    }

    private Miss(int at, ChangeRecord.Outcome outcome, String summary, Sight sight, @CheckForNull String rollback) {
        this.at = at;
        this.outcome = outcome;
        this.summary = CleanText.line(summary);
        this.sight = sight;
        this.rollback = rollback == null ? null : CleanText.line(rollback);
    }

    Miss rolledBack(String inWords) {
        return new Miss(at, outcome, summary, sight, inWords);
    }
}
