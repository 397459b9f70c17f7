package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.status.DesiredTargets.DesiredTarget;
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
 * Targets that stand apart from Git for longer than a deployment takes: what runs was changed and is not put right, or the
 * agent does not come to see the change. Found by the {@link Reconciler}; told once in the log, and shown while it lasts.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class Deviations {
    private static final Logger LOGGER = Logger.getLogger(Deviations.class.getName());
    /** More names than this are only counted in the log. */
    private static final int MOST_NAMES = 10;

    private final Map<RepositoryConfiguration, Map<String, Deviation>> known = new ConcurrentHashMap<>();

    /** What is wrong. */
    public enum Kind {
        /** The agent compared the desired revision, and what runs is another; no sync is under way. */
        DRIFTED(Duration.ofMinutes(2), "drifted from Git, and no sync is under way"),
        /** The agent compared a revision from before the last change. */
        BEHIND(Duration.ofMinutes(10), "not compared with the last change in Git yet");

        private final Duration patience;
        private final String words;

        Kind(Duration patience, String words) {
            this.patience = patience;
            this.words = words;
        }
    }

    /** @param since when it was first seen so */
    @Restricted(NoExternalUse.class)
    public record Deviation(Kind kind, Instant since, boolean told) {
        private boolean isDue(Instant now) {
            return !now.isBefore(since.plus(kind.patience));
        }
    }

    public static Deviations get() {
        return ExtensionList.lookupSingleton(Deviations.class);
    }

    /** How a target has deviated for longer than is usual; null when it has not. */
    @CheckForNull
    public Deviation of(RepositoryConfiguration repository, Target target) {
        Deviation found = known.getOrDefault(repository, Map.of()).get(target.id());
        return found != null && found.told() ? found : null;
    }

    /** Forgets the repositories that are no longer configured like this. */
    void retain(Collection<RepositoryConfiguration> repositories) {
        known.keySet().retainAll(repositories);
    }

    /** Looks at all targets of a repository. Where the repository is read. */
    void look(RepositoryConfiguration repository, DesiredTargets.State state, Instant now) {
        Map<String, Deviation> last = known.getOrDefault(repository, Map.of());
        Map<String, Deviation> next = new HashMap<>();
        Map<Kind, List<String>> news = new HashMap<>();
        try {
            ConfigRepository clone = Repositories.get().open(repository);
            Function<Target, List<Snapshot>> snapshots = Sources.snapshots(repository, now);
            for (DesiredTarget desired : state.targets()) {
                Kind kind = kindOrNull(desired, snapshots, state.revision(), clone);
                String id = desired.target().id();
                if (kind != null) {
                    Deviation before = last.get(id);
                    Deviation there =
                            before != null && before.kind() == kind ? before : new Deviation(kind, now, false);
                    if (!there.told() && there.isDue(now)) {
                        news.computeIfAbsent(kind, k -> new ArrayList<>()).add(id);
                        there = new Deviation(kind, there.since(), true);
                    }
                    next.put(id, there);
                }
            }
        } catch (RefusedException e) {
            LOGGER.log(Level.FINE, e, () -> "cannot compare " + repository + " with what runs");
            return;
        }
        known.put(repository, Map.copyOf(next));
        news.forEach((kind, ids) -> LOGGER.warning(() ->
                repository.getName() + ": " + names(ids) + " " + (ids.size() == 1 ? "is " : "are ") + kind.words));
    }

    private static String names(List<String> ids) {
        String some = String.join(", ", ids.subList(0, Math.min(MOST_NAMES, ids.size())));
        return ids.size() <= MOST_NAMES ? some : some + " and " + (ids.size() - MOST_NAMES) + " more";
    }

    /** One target that cannot be compared takes none of the others along. */
    @CheckForNull
    private static Kind kindOrNull(
            DesiredTarget desired,
            Function<Target, List<Snapshot>> snapshots,
            @CheckForNull String tip,
            ConfigRepository clone) {
        try {
            return kind(desired, snapshots.apply(desired.target()), tip, clone);
        } catch (IOException | RuntimeException | Error e) {
            LOGGER.log(Level.FINE, e, () -> "cannot compare " + desired.target().id() + " with what runs");
            return null;
        }
    }

    @CheckForNull
    private static Kind kind(
            DesiredTarget desired, List<Snapshot> snapshots, @CheckForNull String tip, ConfigRepository clone)
            throws IOException {
        if (snapshots.size() != 1 || snapshots.get(0).stale()) {
            // Who is silent, or spoken for twice, is told as that.
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
            return clone.contains(compared) ? Kind.BEHIND : null;
        }
        Report.Operation operation = status.operation();
        boolean syncs = operation != null && OperationPhase.of(operation.phase()) == OperationPhase.RUNNING;
        return SyncState.of(status.sync()) == SyncState.OUT_OF_SYNC && !syncs ? Kind.DRIFTED : null;
    }
}
