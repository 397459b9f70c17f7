package io.jenkins.plugins.gitops.core.flux;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.FluxHealthHints;
import java.time.Instant;
import java.util.Objects;

/**
 * What one object's events say about health, whatever order they came in: when health checks passed, when something was
 * changed, and when a check failed. Each is the newest of its kind; times are ISO-8601 and known to the second only.
 * What is null was never heard.
 *
 * @param revision of which health checks passed
 * @param at when they did
 * @param changedRevision that changed something in the cluster
 * @param changedAt when it did
 * @param failedRevision of which a health check failed, for whatever reason
 * @param failedAt when it did
 * @param appliedRevision that a reconciliation ended well with
 * @param appliedAt when it did for the first time
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
    /** Nothing was ever heard. */
    static final FluxHealthEvidence NONE = new FluxHealthEvidence(null, null, null, null, null, null, null, null);

    /** Of a revision of which health checks passed. */
    static FluxHealthEvidence passed(@CheckForNull String revision, String at) {
        return new FluxHealthEvidence(revision, at, null, null, null, null, revision, at);
    }

    /** With what an event adds; it may be older than what is known. */
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
     * Whether a change only took back what somebody had changed in the cluster, since its revision had been applied before:
     * Flux does not say afterwards that health checks passed.
     */
    private boolean isCorrection(FluxEvent event) {
        return Objects.equals(event.commit(), appliedRevision)
                && isBefore(appliedAt, event.at().toString());
    }

    private static boolean isBefore(@CheckForNull String one, @CheckForNull String other) {
        return one != null && other != null && Instant.parse(one).isBefore(Instant.parse(other));
    }

    /** Whether health checks passed, and nothing was changed and no check failed since. */
    boolean isHealthy() {
        return isAfterChange() && isAfterFailure();
    }

    private boolean isAfterChange() {
        if (at == null) {
            return false;
        }
        // Of one second only the change of the same revision is known to come first.
        return changedAt == null
                || isBefore(changedAt, at)
                || !isBefore(at, changedAt) && Objects.equals(revision, changedRevision);
    }

    private boolean isAfterFailure() {
        return failedAt == null || at != null && isBefore(failedAt, at);
    }

    /** Whether a check of a revision failed, and none passed since. */
    boolean hasFailed(@CheckForNull String other) {
        return !isAfterFailure() && Objects.equals(failedRevision, other);
    }

    /** Why it is not known whether what was applied is healthy, and what to do; of one that is not healthy. */
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
