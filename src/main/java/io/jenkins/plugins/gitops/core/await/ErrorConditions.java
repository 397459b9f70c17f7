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
 * Evaluates which conditions of an application prove that a change will not become live: an error of the newest state
 * of the branch that was found twice and is not an infrastructure error.
 */
final class ErrorConditions {
    /** An error that was reported before the change may belong to an older revision until this time has passed. */
    private static final Duration OLD_ERROR = Duration.ofMinutes(1);
    /** Argo CD reports times with a resolution of one second. */
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final String SYNC_ERROR = "SyncError";
    /** The types that can fail a change. All others, including all Warning types, say nothing about its progress. */
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

    /**
     * The verdict of all conditions; null if none concerns the change. A failure takes precedence over an error that
     * may disappear.
     */
    @CheckForNull
    Verdict evaluate() throws IOException {
        Verdict worst = null;
        for (ApplicationCondition condition : status.conditions()) {
            // A sync error does not count while another sync is requested.
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
        // An error at a revision before the change, or with another value, does not concern the change. An error at the
        // change itself does, even if it was found before the wait started.
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
        // Our agent and Flux report a render failure only if every attempt at the revision fails.
        boolean twice = !snapshot.traits().needsSecondComparison() || isFoundAgain(at(condition));
        return twice ? failed(what, Duration.ZERO) : seenOnce(condition, what);
    }

    /** The revision of a condition. A sync error without one belongs to the revision of the last sync. */
    @CheckForNull
    private String revision(ApplicationCondition condition) {
        OperationState last = status.operation();
        return condition.revision() == null && SYNC_ERROR.equals(condition.type()) && last != null
                ? last.revision()
                : condition.revision();
    }

    /** Evaluates an error without a revision, where only times show what it refers to. */
    @CheckForNull
    private Verdict ofUnknownRevision(ApplicationCondition condition, String what) throws IOException {
        // Times may have a resolution of one second: an error in the second in which the wait started may concern the
        // change.
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

    /** Whether another comparison started after the given time and found the same error. */
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
