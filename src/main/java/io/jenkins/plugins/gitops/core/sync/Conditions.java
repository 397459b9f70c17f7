package io.jenkins.plugins.gitops.core.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** Which of an application's conditions mean that a change will not become live. */
final class Conditions {
    /** A Git server that is away for a moment makes the same condition as a manifest that is wrong for good. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String SYNC_ERROR = "SyncError";
    /** Everything else, and all whose names end in Warning, says nothing of whether the change gets there. */
    private static final Set<String> ERRORS =
            Set.of("ComparisonError", "InvalidSpecError", SYNC_ERROR, "UnknownError", "DeletionError");

    private final Expectation expectation;
    private final Report.ApplicationStatus status;
    private final GitFacts git;
    private final Instant now;

    Conditions(Expectation expectation, Report.ApplicationStatus status, GitFacts git, Instant now) {
        this.expectation = expectation;
        this.status = status;
        this.git = git;
        this.now = now;
    }

    /** What they come to; null when none concerns the change. A failure counts more than what may still go away. */
    @CheckForNull
    Verdict judge() throws IOException {
        Verdict worst = null;
        for (Report.Condition condition : status.conditions()) {
            // An error of a sync is not the last word when the next one was asked for.
            boolean counts =
                    ERRORS.contains(condition.type()) && !(status.requested() && SYNC_ERROR.equals(condition.type()));
            Verdict verdict = counts ? judge(condition) : null;
            if (verdict instanceof Verdict.Failed) {
                return verdict;
            }
            worst = worst == null ? verdict : worst;
        }
        return worst;
    }

    @CheckForNull
    private Verdict judge(Report.Condition condition) throws IOException {
        String what = condition.type() + Texts.because(condition.message());
        String revision = condition.revision();
        if (revision != null) {
            if (!git.knows(revision)) {
                return new Verdict.Waiting(
                        what + " at " + Texts.brief(revision) + ", which has not been fetched here yet");
            }
            // Of a revision before the change, or of one that has another value, it is not the change's error. Of
            // the change itself it is, whenever it was found: that may have been before anybody waited.
            return git.includes(revision) && git.holds(revision) ? failed(what) : null;
        }
        Instant at = Instant.parse(condition.at());
        // Many know it to the second only: one of the second in which the wait began may well be its error.
        if (at.isBefore(expectation.since().truncatedTo(ChronoUnit.SECONDS))) {
            return null;
        }
        Instant believed = at.plus(PATIENCE);
        return now.isBefore(believed) ? new Verdict.Waiting(status.name() + ": " + what, believed) : failed(what);
    }

    private Verdict.Failed failed(String what) {
        return new Verdict.Failed(
                status.syncedRevision(),
                Health.of(status.health()),
                status.resources(),
                what + Texts.progress(status.resources()));
    }
}
