package io.jenkins.plugins.gitops.core.flux;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import java.time.Instant;

/**
 * What is known of one object of Flux from all that it said. Plain data, stored as JSON.
 *
 * @param status in the words of all agents; without repository and path, since Flux tells neither
 * @param uid of the object; null when Flux told none
 * @param at when the newest event happened that counted, ISO-8601
 * @param rank of that event's meaning among those of the same second
 * @param checked whether it was ever seen to check health, so that {@code spec.wait} or {@code spec.healthChecks} is set
 * @param unproven whether it applied a new revision and has not said of it that health checks passed
 * @param changedAt when it last changed something in the cluster, ISO-8601; null when that was never seen
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FluxState(
        ApplicationStatus status,
        @CheckForNull String uid,
        String at,
        int rank,
        boolean checked,
        boolean unproven,
        @CheckForNull String changedAt) {

    /** When the newest event happened. */
    public Instant time() {
        return Instant.parse(at);
    }

    /** The status of what a target's folder holds. */
    public ApplicationStatus statusOf(String repository, String path) {
        return new Draft(status).at(repository, path).status(status.observedAt());
    }

    /** Whether what was stored can be used at all. */
    public boolean complete() {
        return status != null
                && status.name() != null
                && status.sync() != null
                && status.health() != null
                && status.observedAt() != null
                && at != null;
    }
}
