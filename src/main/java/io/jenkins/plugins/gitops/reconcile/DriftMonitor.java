package io.jenkins.plugins.gitops.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.TargetStates;
import io.jenkins.plugins.gitops.repository.TargetStates.TargetState;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Targets that have differed from Git for longer than a deployment takes: either the live state was changed and is not
 * healed, or the agent does not pick up the change. Detected by the {@link PeriodicReconciler}; logged once, and shown
 * on the dashboard while it lasts.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class DriftMonitor {
    private static final Logger LOGGER = Logger.getLogger(DriftMonitor.class.getName());
    /** At most this many names are written to the log; the others are only counted. */
    private static final int MAX_NAMES = 10;

    private final Map<RepositoryConfiguration, Map<String, Drift>> known = new ConcurrentHashMap<>();

    /** The kind of difference. */
    public enum DriftKind {
        /** The agent compared the desired revision and found a different live state, and no sync is running. */
        DRIFTED(Duration.ofMinutes(2), "the live state has drifted from Git, and no sync is running"),
        /** The agent's last comparison is with a revision before the last change. */
        BEHIND(Duration.ofMinutes(10), "the agent has not picked up the latest commit");

        private final Duration gracePeriod;
        private final String displayName;

        DriftKind(Duration gracePeriod, String displayName) {
            this.gracePeriod = gracePeriod;
            this.displayName = displayName;
        }
    }

    /** @param since when it was first detected */
    @Restricted(NoExternalUse.class)
    public record Drift(DriftKind kind, Instant since, boolean reported) {
        private boolean isDue(Instant now) {
            return !now.isBefore(since.plus(kind.gracePeriod));
        }
    }

    public static DriftMonitor get() {
        return ExtensionList.lookupSingleton(DriftMonitor.class);
    }

    /** The drift of a target if it exceeds the grace period; null otherwise. */
    @CheckForNull
    public Drift of(RepositoryConfiguration repository, Target target) {
        Drift found = known.getOrDefault(repository.onBranch(target.environmentBranch()), Map.of())
                .get(target.id());
        return found != null && found.reported() ? found : null;
    }

    /** Forgets repositories whose configuration was removed or changed. */
    void retain(Collection<RepositoryConfiguration> repositories) {
        known.keySet().retainAll(repositories);
    }

    /** Checks all targets of a repository. Runs on the thread that reads the repository. */
    void scan(RepositoryConfiguration repository, TargetStates.RepositoryState state, Instant now) {
        Map<String, Drift> last = known.getOrDefault(repository, Map.of());
        Map<String, Drift> next = new HashMap<>();
        Map<DriftKind, List<String>> news = new HashMap<>();
        try {
            ConfigRepository clone = ConfigRepositories.get().open(repository);
            Function<Target, List<AgentSnapshot>> snapshots = StatusSources.snapshots(repository, now);
            for (TargetState desired : state.targets()) {
                DriftKind kind = kindOrNull(desired, snapshots, state.revision(), clone);
                String id = desired.target().id();
                if (kind != null) {
                    Drift before = last.get(id);
                    Drift there = before != null && before.kind() == kind ? before : new Drift(kind, now, false);
                    if (!there.reported() && there.isDue(now)) {
                        news.computeIfAbsent(kind, k -> new ArrayList<>()).add(id);
                        there = new Drift(kind, there.since(), true);
                    }
                    next.put(id, there);
                }
            }
        } catch (UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to compare " + repository + " with the live state");
            return;
        }
        known.put(repository, Map.copyOf(next));
        news.forEach((kind, ids) ->
                LOGGER.warning(() -> repository.getName() + ": " + names(ids) + ": " + kind.displayName));
    }

    private static String names(List<String> ids) {
        String some = String.join(", ", ids.subList(0, Math.min(MAX_NAMES, ids.size())));
        return ids.size() <= MAX_NAMES ? some : some + " and " + (ids.size() - MAX_NAMES) + " more";
    }

    /** Returns null for a target that cannot be compared, so that it does not affect the others. */
    @CheckForNull
    private static DriftKind kindOrNull(
            TargetState desired,
            Function<Target, List<AgentSnapshot>> snapshots,
            @CheckForNull String tip,
            ConfigRepository clone) {
        try {
            return kind(desired, snapshots.apply(desired.target()), tip, clone);
        } catch (IOException | RuntimeException | Error e) {
            LOGGER.log(
                    Level.FINE, e, () -> "failed to compare " + desired.target().id() + " with the live state");
            return null;
        }
    }

    @CheckForNull
    private static DriftKind kind(
            TargetState desired, List<AgentSnapshot> snapshots, @CheckForNull String tip, ConfigRepository clone)
            throws IOException {
        if (snapshots.size() != 1 || snapshots.get(0).stale()) {
            // A stale agent, or two agents for one target, are reported as such.
            return null;
        }
        ApplicationStatus status = snapshots.get(0).status();
        String compared = status.comparedRevision();
        if (compared == null) {
            return null;
        }
        CommitInfo change = desired.lastChange();
        boolean sees = compared.equals(tip) || change == null || clone.isAncestor(change.revision(), compared);
        if (!sees) {
            return clone.contains(compared) ? DriftKind.BEHIND : null;
        }
        Report.OperationState operationState = status.operation();
        boolean syncs = operationState != null && OperationPhase.of(operationState.phase()) == OperationPhase.RUNNING;
        return SyncState.of(status.sync()) == SyncState.OUT_OF_SYNC && !syncs ? DriftKind.DRIFTED : null;
    }
}
