package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import io.jenkins.plugins.gitops.status.Sources;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How a target looked when a wait for it ended. Plain data, immutable. */
final class Sight implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Nobody said anything. */
    static final Sight NOTHING = new Sight(null, null, List.of());

    private final String syncedRevision;
    private final String health;
    private final ArrayList<ResourceState> resources;

    private Sight(@CheckForNull String syncedRevision, @CheckForNull String health, List<Report.Resource> resources) {
        this.syncedRevision = syncedRevision;
        this.health = health;
        this.resources = new ArrayList<>(resources.stream()
                .limit(Report.ApplicationStatus.MAX_RESOURCES)
                .map(ResourceState::of)
                .toList());
    }

    /** What a verdict says; when health was not asked for, there may be resources that are not Synced and Healthy. */
    static Sight of(Verdict.Live live, Awaited change) {
        Report.ApplicationStatus status = status(change);
        return new Sight(live.syncedRevision(), live.health().word(), status == null ? List.of() : status.resources());
    }

    static Sight of(Verdict.Failed failed) {
        return new Sight(failed.syncedRevision(), failed.health().word(), failed.resources());
    }

    /** What is known just now. */
    static Sight now(Awaited change) {
        Report.ApplicationStatus status = status(change);
        return status == null ? NOTHING : new Sight(status.syncedRevision(), status.health(), status.resources());
    }

    /** Null when nobody, or more than one agent, speaks of the target. */
    @CheckForNull
    private static Report.ApplicationStatus status(Awaited change) {
        try {
            RepositoryConfiguration configuration = GitopsConfiguration.get().repository(change.repository);
            List<Snapshot> snapshots = Sources.snapshots(configuration, change.target(), Instant.now());
            return snapshots.size() == 1 ? snapshots.get(0).status() : null;
        } catch (RefusedException e) {
            return null;
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

    List<ResourceState> resources() {
        return Collections.unmodifiableList(resources);
    }
}
