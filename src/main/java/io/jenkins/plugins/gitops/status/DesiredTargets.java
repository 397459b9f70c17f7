package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What Git wants of every target, at the newest known tip of each repository. Pages read what is there and never wait;
 * it is made anew in the background when the tip has moved.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class DesiredTargets {
    private static final Logger LOGGER = Logger.getLogger(DesiredTargets.class.getName());
    private final Map<RepositoryConfiguration, Entry> entries = new ConcurrentHashMap<>();

    public static DesiredTargets get() {
        return ExtensionList.lookupSingleton(DesiredTargets.class);
    }

    /**
     * One repository.
     *
     * @param repository its name
     * @param revision the tip that this is about; null while there is none
     * @param environments in promotion order
     * @param targets by application, then environment
     * @param problem why this is not the newest state, or not there at all; null when all is well
     * @param warnings what of the policy was lost a short while ago, one line each
     * @param readAt when it was looked at last
     */
    public record State(
            String repository,
            @CheckForNull String revision,
            List<Environment> environments,
            List<DesiredTarget> targets,
            @CheckForNull String problem,
            List<String> warnings,
            Instant readAt) {
        public State {
            environments = List.copyOf(environments);
            targets = List.copyOf(targets);
            warnings = List.copyOf(warnings);
        }

        /** Without warnings. */
        State(
                String repository,
                @CheckForNull String revision,
                List<Environment> environments,
                List<DesiredTarget> targets,
                @CheckForNull String problem,
                Instant readAt) {
            this(repository, revision, environments, targets, problem, List.of(), readAt);
        }

        private State with(@CheckForNull String newProblem) {
            return new State(repository, revision, environments, targets, newProblem, warnings, Instant.now());
        }
    }

    /**
     * One target.
     *
     * @param images empty when there is a problem
     * @param lastChange the newest commit that changed its images; null when it lies too far back
     * @param hold null when it may be changed
     * @param problem why its images cannot be read; null when they can
     */
    public record DesiredTarget(
            Target target,
            List<ImageReference> images,
            @CheckForNull CommitInfo lastChange,
            @CheckForNull Hold hold,
            @CheckForNull String problem) {
        public DesiredTarget {
            images = List.copyOf(images);
        }
    }

    private static final class Entry {
        private final AtomicBoolean queued = new AtomicBoolean();
        private volatile State state;
    }

    /**
     * What is known now, without waiting for anything; empty when nothing was read yet. When the tip has moved since, a
     * newer state is made in the background.
     */
    public Optional<State> of(RepositoryConfiguration repository) {
        Entry entry = entry(repository);
        State state = entry.state;
        if (state == null || !isNewest(state, repository)) {
            refreshSoon(repository);
        }
        return Optional.ofNullable(state);
    }

    private static boolean isNewest(State state, RepositoryConfiguration repository) {
        try {
            return Repositories.get()
                    .open(repository)
                    .tip()
                    .map(tip -> tip.equals(state.revision()))
                    .orElse(true);
        } catch (RefusedException e) {
            return true;
        }
    }

    /** Reads the newest known tip in the background: at most once at a time, and once more for all that ask meanwhile. */
    void refreshSoon(RepositoryConfiguration repository) {
        Entry entry = entry(repository);
        if (!entry.queued.compareAndSet(false, true)) {
            return;
        }
        try {
            BackgroundPools.get().reading(repository).execute(() -> {
                entry.queued.set(false);
                refresh(repository, Freshness.get().problem(repository));
            });
        } catch (RejectedExecutionException e) {
            entry.queued.set(false);
        }
    }

    private Entry entry(RepositoryConfiguration repository) {
        return entries.computeIfAbsent(repository, r -> new Entry());
    }

    /** Forgets the repositories that are no longer configured like this. */
    void retain(Collection<RepositoryConfiguration> repositories) {
        entries.keySet().retainAll(repositories);
    }

    /**
     * Reads the newest known tip, without network; cheap when it is the one that is known. Takes time for a large
     * repository: call it on the repository's slot for reading, which also keeps two of them from running at once.
     *
     * @param problem why the tip may be old; null when it was just fetched
     */
    void refresh(RepositoryConfiguration repository, @CheckForNull String problem) {
        Entry entry = entry(repository);
        entry.state = read(repository, entry.state, problem);
    }

    private static State read(
            RepositoryConfiguration repository, @CheckForNull State before, @CheckForNull String why) {
        try {
            ConfigRepository clone = Repositories.get().open(repository);
            String tip = clone.tip().orElse(null);
            if (tip != null && (before == null || !tip.equals(before.revision()))) {
                return new DesiredReader(repository.getName(), clone, tip, before).read(why);
            }
            return before == null ? none(repository, why) : before.with(why);
        } catch (RefusedException e) {
            return failed(repository, before, e.getMessage());
        } catch (Throwable e) {
            // Whatever is in a repository, it costs that repository's newest state and nothing else.
            String problem =
                    "The local clone cannot be read (" + e.getClass().getSimpleName() + "); see the log of Jenkins";
            if (before == null || !problem.equals(before.problem())) {
                LOGGER.log(Level.WARNING, e, () -> "cannot read the clone of " + repository.getName());
            }
            return failed(repository, before, problem);
        }
    }

    private static State none(RepositoryConfiguration repository, @CheckForNull String problem) {
        return new State(repository.getName(), null, List.of(), List.of(), problem, Instant.now());
    }

    private static State failed(RepositoryConfiguration repository, @CheckForNull State before, String problem) {
        return before == null ? none(repository, problem) : before.with(problem);
    }
}
