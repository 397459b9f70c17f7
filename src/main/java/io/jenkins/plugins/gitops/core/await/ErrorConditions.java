package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;

/**
 * Which of an application's conditions mean that a change will not become live: an error of the newest state of the branch
 * that was found twice and is not one of the infrastructure.
 */
final class ErrorConditions {
    /** An error that stood before the change may be that of an older revision until the change was surely looked at. */
    private static final Duration OLD_ERROR = Duration.ofMinutes(1);
    /** Argo CD tells times to the second. */
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final String SYNC_ERROR = "SyncError";
    /** Everything else, and all whose names end in Warning, says nothing of whether the change gets there. */
    private static final Set<String> ERRORS = Set.of("ComparisonError", "InvalidSpecError", SYNC_ERROR);

    private final Expectation expectation;
    private final AgentSnapshot snapshot;
    private final ApplicationStatus status;
    private final GitFacts git;

    ErrorConditions(Expectation expectation, AgentSnapshot snapshot, GitFacts git) {
        this.expectation = expectation;
        this.snapshot = snapshot;
        this.status = snapshot.status();
        this.git = git;
    }

    /** What they come to; null when none concerns the change. A failure counts more than what may still go away. */
    @CheckForNull
    Verdict evaluate() throws IOException {
        Verdict worst = null;
        for (ApplicationCondition condition : status.conditions()) {
            // An error of a sync is not the last word when the next one was asked for.
            boolean counts =
                    ERRORS.contains(condition.type()) && !(status.requested() && SYNC_ERROR.equals(condition.type()));
            Verdict verdict = counts ? evaluate(condition) : null;
            if (verdict instanceof Verdict.Failed) {
                return verdict;
            }
            worst = worst == null ? verdict : worst;
        }
        return worst;
    }

    @CheckForNull
    private Verdict evaluate(ApplicationCondition condition) throws IOException {
        String what = condition.type() + VerdictMessages.reasonSuffix(condition.message());
        String revision = revision(condition);
        if (revision == null) {
            return ofUnknownRevision(condition, what);
        }
        if (!git.contains(revision)) {
            return waiting(
                    what + " at " + VerdictMessages.shortRevision(revision) + ", which has not been fetched here yet");
        }
        // Of a revision before the change, or of one that has another value, it is not the change's error. Of the
        // change
        // itself it is, whenever it was found: that may have been before anybody waited.
        if (!git.isAtOrAfterChange(revision) || !git.hasExpectedImages(revision)) {
            return null;
        }
        if (InfrastructureErrors.matches(condition.message())) {
            return infrastructure(condition, what);
        }
        if (!git.isNewest(revision)) {
            return waiting(what + VerdictMessages.supersededHint(git));
        }
        if (SYNC_ERROR.equals(condition.type())) {
            OperationState operationState = status.operation();
            return failed(
                    what, snapshot.traits().failureConfirmation(operationState == null ? 0 : operationState.retries()));
        }
        // What an agent of ours or Flux says of a revision that it cannot render is so at every try.
        boolean twice = !snapshot.traits().needsSecondComparison() || isFoundAgain(at(condition));
        return twice ? failed(what, Duration.ZERO) : seenOnce(condition, what);
    }

    /** An error of a sync is one of the last sync's revision when it names none. */
    @CheckForNull
    private String revision(ApplicationCondition condition) {
        OperationState last = status.operation();
        return condition.revision() == null && SYNC_ERROR.equals(condition.type()) && last != null
                ? last.revision()
                : condition.revision();
    }

    /** Of an error without a revision only the times say what it is about. */
    @CheckForNull
    private Verdict ofUnknownRevision(ApplicationCondition condition, String what) throws IOException {
        // Many times are known to the second only: one of the second in which the wait began may well be its error.
        Instant since = expectation.since().truncatedTo(ChronoUnit.SECONDS);
        Instant at = at(condition);
        if (comparedAt().isBefore(since)) {
            return null;
        }
        if (InfrastructureErrors.matches(condition.message())) {
            return infrastructure(condition, what);
        }
        if (!git.isNewest(expectation.revision())) {
            return waiting(
                    what + VerdictMessages.sinceSuffix(condition.at()) + "; it is not known whether that applies to "
                            + VerdictMessages.shortRevision(git.tip()) + ", the current commit of the branch");
        }
        Instant first = at.isBefore(since) ? since.plus(OLD_ERROR) : at;
        return isFoundAgain(first) ? failed(what, Duration.ZERO) : seenOnce(condition, what);
    }

    private static Instant at(ApplicationCondition condition) {
        return Instant.parse(condition.at());
    }

    private Instant comparedAt() {
        return Instant.parse(Objects.requireNonNullElse(status.comparedAt(), status.observedAt()));
    }

    /** Whether another comparison has begun after a moment and found the same. */
    private boolean isFoundAgain(Instant first) {
        return comparedAt().isAfter(first.plus(SECOND));
    }

    private Verdict infrastructure(ApplicationCondition condition, String what) {
        return waiting(what + VerdictMessages.sinceSuffix(condition.at())
                + "; that is not a failure of the change, and it is checked again");
    }

    private Verdict seenOnce(ApplicationCondition condition, String what) {
        return waiting(
                what + VerdictMessages.sinceSuffix(condition.at()) + "; it counts when another comparison confirms it");
    }

    private Verdict.Waiting waiting(String how) {
        return new Verdict.Waiting(status.name() + ": " + how);
    }

    private Verdict.Failed failed(String what, Duration settle) {
        return VerdictMessages.failed(status, what + VerdictMessages.listResources(status.resources()), settle);
    }
}
