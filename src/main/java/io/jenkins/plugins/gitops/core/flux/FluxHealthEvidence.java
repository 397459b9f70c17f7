package io.jenkins.plugins.gitops.core.flux;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.FluxHealthHints;
import java.time.Instant;
import java.util.Objects;

/**
 * Health evidence from one object's events, in whatever order they came: when health checks passed, when something
 * changed, and when a check failed. Each is the newest of its kind; times are ISO-8601 with a resolution of one second.
 * Null means that there was no such event.
 *
 * @param revision the revision for which health checks passed
 * @param at when they did
 * @param changedRevision the revision that changed something in the cluster
 * @param changedAt when it did
 * @param failedRevision the revision for which a health check failed, for whatever reason
 * @param failedAt when it did
 * @param appliedRevision the revision of the last successful reconciliation
 * @param appliedAt when that revision was first reconciled successfully
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FluxHealthEvidence(
        @CheckForNull String revision,
        @CheckForNull String at,
        @CheckForNull String changedRevision,
        @CheckForNull String changedAt,
        @CheckForNull String failedRevision,
        @CheckForNull String failedAt,
        @CheckForNull String appliedRevision,
        @CheckForNull String appliedAt) {
    /** No evidence. */
    static final FluxHealthEvidence NONE = new FluxHealthEvidence(null, null, null, null, null, null, null, null);

    /** Evidence that health checks passed for a revision. */
    static FluxHealthEvidence passed(@CheckForNull String revision, String at) {
        return new FluxHealthEvidence(revision, at, null, null, null, null, revision, at);
    }

    /** Returns a copy with the evidence of an event, which may be older than the known evidence. */
    FluxHealthEvidence with(FluxEvent event) {
        String commit = event.commit();
        String when = event.at().toString();
        return switch (event.meaning()) {
            case HEALTH_CHECK_PASSED ->
                isBefore(when, at) ? applied(event) : applied(event).passedAt(commit, when);
            case SUCCEEDED -> applied(event);
            case CHANGED ->
                isCorrection(event) || event.isDeletionOnly() || isBefore(when, changedAt) ? this : changed(event);
            case UNHEALTHY -> isBefore(when, failedAt) ? this : failed(event);
            default -> this;
        };
    }

    private FluxHealthEvidence passedAt(@CheckForNull String commit, String when) {
        return new FluxHealthEvidence(
                commit, when, changedRevision, changedAt, failedRevision, failedAt, appliedRevision, appliedAt);
    }

    private FluxHealthEvidence changed(FluxEvent event) {
        return new FluxHealthEvidence(
                revision,
                at,
                event.commit(),
                event.at().toString(),
                failedRevision,
                failedAt,
                appliedRevision,
                appliedAt);
    }

    private FluxHealthEvidence failed(FluxEvent event) {
        return new FluxHealthEvidence(
                revision,
                at,
                changedRevision,
                changedAt,
                event.commit(),
                event.at().toString(),
                appliedRevision,
                appliedAt);
    }

    private FluxHealthEvidence applied(FluxEvent event) {
        String when = event.at().toString();
        boolean same = Objects.equals(event.commit(), appliedRevision);
        boolean first = same ? isBefore(when, appliedAt) : !isBefore(when, appliedAt);
        return first
                ? new FluxHealthEvidence(
                        revision, at, changedRevision, changedAt, failedRevision, failedAt, event.commit(), when)
                : this;
    }

    /**
     * Whether a change only corrected drift, because its revision had been applied before: Flux does not report
     * afterwards that health checks passed.
     */
    private boolean isCorrection(FluxEvent event) {
        return Objects.equals(event.commit(), appliedRevision)
                && isBefore(appliedAt, event.at().toString());
    }

    private static boolean isBefore(@CheckForNull String one, @CheckForNull String other) {
        return one != null && other != null && Instant.parse(one).isBefore(Instant.parse(other));
    }

    /** Whether health checks passed, and since then nothing changed and no check failed. */
    boolean isHealthy() {
        return isAfterChange() && isAfterFailure();
    }

    private boolean isAfterChange() {
        if (at == null) {
            return false;
        }
        // Within one second, only a change of the same revision is known to come first.
        return changedAt == null
                || isBefore(changedAt, at)
                || !isBefore(at, changedAt) && Objects.equals(revision, changedRevision);
    }

    private boolean isAfterFailure() {
        return failedAt == null || at != null && isBefore(failedAt, at);
    }

    /** Whether a check failed for a revision, and none has passed since. */
    boolean hasFailed(@CheckForNull String other) {
        return !isAfterFailure() && Objects.equals(failedRevision, other);
    }

    /**
     * Why the health of the applied revision is unknown, with the remedy. Only valid if {@link #isHealthy} is false.
     */
    String reason() {
        if (!isAfterFailure()) {
            return "its health check failed at " + failedAt
                    + ", and Flux has not reported since that health checks passed. " + FluxHealthHints.MAY_CHECK;
        }
        if (at != null) {
            return "Flux has not reported that health checks passed since it changed something at " + changedAt
                    + "; that event may be lost, or health is no longer checked. " + FluxHealthHints.MAY_CHECK;
        }
        return changedAt == null
                ? "Flux reports health only after it changed something, which it has not done since Jenkins started to listen. "
                        + FluxHealthHints.MAY_CHECK
                : "Flux has not reported that health checks passed; " + FluxHealthHints.NEVER_CHECKED;
    }
}
