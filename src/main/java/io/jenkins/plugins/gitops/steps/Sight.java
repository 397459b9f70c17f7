package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.ImageProof;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import io.jenkins.plugins.gitops.status.Sources;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** How a target looked when a wait for it ended. Plain data, immutable. */
final class Sight implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Nobody said anything. */
    static final Sight NOTHING = new Sight(null, null, List.of(), null);

    private final String syncedRevision;
    private final String health;
    private final ArrayList<ResourceState> resources;
    /** Null unless it was seen live, and in what was stored before it was looked at. */
    @CheckForNull
    private final String image;

    private Sight(
            @CheckForNull String syncedRevision,
            @CheckForNull String health,
            List<Report.Resource> resources,
            @CheckForNull ImageProof image) {
        this.syncedRevision = syncedRevision;
        this.health = health;
        this.resources = new ArrayList<>(resources.stream()
                .limit(Report.ApplicationStatus.MAX_RESOURCES)
                .map(ResourceState::of)
                .toList());
        this.image = image == null ? null : image.word();
    }

    /** What a verdict says; when health was not asked for, there may be resources that are not Synced and Healthy. */
    static Sight of(Verdict.Live live, Awaited change) {
        List<Report.Resource> resources =
                statuses(change).stream().flatMap(s -> s.resources().stream()).toList();
        return new Sight(live.syncedRevision(), live.health().word(), resources, live.image());
    }

    static Sight of(Verdict.Failed failed) {
        return new Sight(failed.syncedRevision(), failed.health().word(), failed.resources(), null);
    }

    /** What is known just now. */
    static Sight now(Awaited change) {
        List<Report.ApplicationStatus> statuses = statuses(change);
        if (statuses.isEmpty()) {
            return NOTHING;
        }
        List<Report.Resource> resources =
                statuses.stream().flatMap(s -> s.resources().stream()).toList();
        return new Sight(
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

    private static List<Report.ApplicationStatus> statuses(Awaited change) {
        try {
            RepositoryConfiguration configuration = GitopsConfiguration.get().repository(change.repository);
            return Sources.snapshots(configuration, change.target(), Instant.now()).stream()
                    .map(Snapshot::status)
                    .toList();
        } catch (RefusedException e) {
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

    /** What is known of the image, as {@link ImageProof#word} says it; null unless it was seen live. */
    @CheckForNull
    String image() {
        return image;
    }

    List<ResourceState> resources() {
        return Collections.unmodifiableList(resources);
    }
}
