package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.ImageProof;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** The state of a target when the wait for it ended. Plain data, immutable. */
final class ObservedTarget implements Serializable {
    private static final long serialVersionUID = 1L;
    /** No agent reported on the target. */
    static final ObservedTarget NOTHING = new ObservedTarget(null, null, List.of(), null);

    private final String syncedRevision;
    private final String health;
    private final ArrayList<UnhealthyResource> resources;
    /** Null unless the change was live, and in records of earlier versions. */
    @CheckForNull
    private final String image;

    private ObservedTarget(
            @CheckForNull String syncedRevision,
            @CheckForNull String health,
            List<Report.ResourceStatus> resources,
            @CheckForNull ImageProof image) {
        this.syncedRevision = syncedRevision;
        this.health = health;
        this.resources = new ArrayList<>(resources.stream()
                .limit(Report.ApplicationStatus.MAX_RESOURCES)
                .map(UnhealthyResource::of)
                .toList());
        this.image = image == null ? null : image.wireName();
    }

    /** The state of a live verdict; if health was not required, some resources may not be Synced and Healthy. */
    static ObservedTarget of(Verdict.Live live, AwaitedChange change) {
        List<Report.ResourceStatus> resources =
                statuses(change).stream().flatMap(s -> s.resources().stream()).toList();
        return new ObservedTarget(live.syncedRevision(), live.health().wireName(), resources, live.image());
    }

    static ObservedTarget of(Verdict.Failed failed) {
        return new ObservedTarget(failed.syncedRevision(), failed.health().wireName(), failed.resources(), null);
    }

    /** The current state. */
    static ObservedTarget now(AwaitedChange change) {
        List<Report.ApplicationStatus> statuses = statuses(change);
        if (statuses.isEmpty()) {
            return NOTHING;
        }
        List<Report.ResourceStatus> resources =
                statuses.stream().flatMap(s -> s.resources().stream()).toList();
        return new ObservedTarget(
                only(statuses, Report.ApplicationStatus::syncedRevision),
                only(statuses, Report.ApplicationStatus::health),
                resources,
                null);
    }

    /**
     * The value that all statuses have in common; null when they differ, as when several clusters deploy one folder.
     */
    @CheckForNull
    private static String only(
            List<Report.ApplicationStatus> statuses, Function<Report.ApplicationStatus, String> what) {
        String first = what.apply(statuses.get(0));
        return statuses.stream().allMatch(s -> Objects.equals(first, what.apply(s))) ? first : null;
    }

    private static List<Report.ApplicationStatus> statuses(AwaitedChange change) {
        try {
            RepositoryConfiguration configuration = GitopsConfiguration.get().repository(change.repository);
            return StatusSources.snapshots(configuration, change.target(), Instant.now()).stream()
                    .map(AgentSnapshot::status)
                    .toList();
        } catch (UserErrorException e) {
            return List.of();
        }
    }

    /** The synced revision; null when unknown. */
    @CheckForNull
    String syncedRevision() {
        return syncedRevision;
    }

    @CheckForNull
    String health() {
        return health;
    }

    /** The {@link ImageProof#wireName}; null unless the change was live. */
    @CheckForNull
    String image() {
        return image;
    }

    List<UnhealthyResource> resources() {
        return Collections.unmodifiableList(resources);
    }
}
