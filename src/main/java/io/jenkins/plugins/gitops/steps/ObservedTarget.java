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

/** How a target looked when a wait for it ended. Plain data, immutable. */
final class ObservedTarget implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Nobody said anything. */
    static final ObservedTarget NOTHING = new ObservedTarget(null, null, List.of(), null);

    private final String syncedRevision;
    private final String health;
    private final ArrayList<UnhealthyResource> resources;
    /** Null unless it was seen live, and in what was stored before it was looked at. */
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

    /** What a verdict says; when health was not asked for, there may be resources that are not Synced and Healthy. */
    static ObservedTarget of(Verdict.Live live, AwaitedChange change) {
        List<Report.ResourceStatus> resources =
                statuses(change).stream().flatMap(s -> s.resources().stream()).toList();
        return new ObservedTarget(live.syncedRevision(), live.health().wireName(), resources, live.image());
    }

    static ObservedTarget of(Verdict.Failed failed) {
        return new ObservedTarget(failed.syncedRevision(), failed.health().wireName(), failed.resources(), null);
    }

    /** What is known just now. */
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

    /** What all say; null when they differ, as when several clusters deploy one folder. */
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

    /** What runs; null when that is not known. */
    @CheckForNull
    String syncedRevision() {
        return syncedRevision;
    }

    @CheckForNull
    String health() {
        return health;
    }

    /** What is known of the image, as {@link ImageProof#wireName} says it; null unless it was seen live. */
    @CheckForNull
    String image() {
        return image;
    }

    List<UnhealthyResource> resources() {
        return Collections.unmodifiableList(resources);
    }
}
