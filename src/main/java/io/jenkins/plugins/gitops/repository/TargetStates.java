package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
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
 * The desired state of every target, at the newest known tip of each repository. Pages read the state in memory and
 * never wait; it is refreshed in the background when the tip has moved.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class TargetStates {
    private static final Logger LOGGER = Logger.getLogger(TargetStates.class.getName());
    private final Map<RepositoryConfiguration, RepositoryEntry> entries = new ConcurrentHashMap<>();

    public static TargetStates get() {
        return ExtensionList.lookupSingleton(TargetStates.class);
    }

    /**
     * The state of one repository.
     *
     * @param repository its name
     * @param revision the tip that was read; null while there is none
     * @param environments in promotion order
     * @param targets by application, then environment
     * @param problem why the state is outdated or missing; null when it is up to date
     * @param warnings about approval rules that were recently removed from the policy, and an incomplete detection, one
     *     line each
     * @param readAt when it was last read
     */
    public record RepositoryState(
            String repository,
            @CheckForNull String revision,
            List<Environment> environments,
            List<TargetState> targets,
            @CheckForNull String problem,
            List<String> warnings,
            Instant readAt) {
        public RepositoryState {
            environments = List.copyOf(environments);
            targets = List.copyOf(targets);
            warnings = List.copyOf(warnings);
        }

        /** Without warnings. */
        RepositoryState(
                String repository,
                @CheckForNull String revision,
                List<Environment> environments,
                List<TargetState> targets,
                @CheckForNull String problem,
                Instant readAt) {
            this(repository, revision, environments, targets, problem, List.of(), readAt);
        }

        private RepositoryState with(@CheckForNull String newProblem) {
            return new RepositoryState(
                    repository, revision, environments, targets, newProblem, warnings, Instant.now());
        }
    }

    /**
     * The state of one target.
     *
     * @param images empty when there is a problem
     * @param lastChange the newest commit that changed its images; null when it is beyond the search limit
     * @param hold null when it is not held
     * @param problem why its images cannot be read; null when they can
     * @param sharedFolders folders outside the target's folder in which its images are set
     */
    public record TargetState(
            Target target,
            List<ImageReference> images,
            @CheckForNull CommitInfo lastChange,
            @CheckForNull Hold hold,
            @CheckForNull String problem,
            List<String> sharedFolders) {
        public TargetState {
            images = List.copyOf(images);
            sharedFolders = List.copyOf(sharedFolders);
        }
    }

    private static final class RepositoryEntry {
        private final AtomicBoolean queued = new AtomicBoolean();
        private volatile RepositoryState state;
        /** Identifies the content of the policy that the state of another branch was read with. */
        @CheckForNull
        private volatile String policy;
    }

    /**
     * The state in memory of all branches, without blocking; empty when nothing has been read yet. If a tip has moved
     * since, starts a refresh in the background.
     */
    public Optional<RepositoryState> of(RepositoryConfiguration repository) {
        return ofBranch(repository).map(state -> {
            List<RepositoryConfiguration> others = RepositoryBranches.others(repository);
            return others.isEmpty()
                    ? state
                    : BranchStates.combined(
                            state,
                            others,
                            this::ofBranch,
                            branch ->
                                    Optional.ofNullable(RepositoryFetcher.get().problem(branch)));
        });
    }

    /** The same for one branch. */
    public Optional<RepositoryState> ofBranch(RepositoryConfiguration repository) {
        RepositoryEntry entry = entry(repository);
        RepositoryState state = entry.state;
        if (state == null || !isNewest(state, repository)) {
            refreshSoon(repository);
        }
        return Optional.ofNullable(state);
    }

    private static boolean isNewest(RepositoryState state, RepositoryConfiguration repository) {
        try {
            return ConfigRepositories.get()
                    .open(repository)
                    .tip()
                    .map(tip -> tip.equals(state.revision()))
                    .orElse(true);
        } catch (UserErrorException e) {
            return true;
        }
    }

    /** Requests a refresh in the background. One runs at a time; requests that arrive meanwhile share the next one. */
    void refreshSoon(RepositoryConfiguration repository) {
        RepositoryEntry entry = entry(repository);
        if (!entry.queued.compareAndSet(false, true)) {
            return;
        }
        try {
            BackgroundPools.get().reading(repository).execute(() -> {
                entry.queued.set(false);
                refresh(repository, RepositoryFetcher.get().problem(repository));
            });
        } catch (RejectedExecutionException e) {
            entry.queued.set(false);
        }
    }

    private RepositoryEntry entry(RepositoryConfiguration repository) {
        return entries.computeIfAbsent(repository, r -> new RepositoryEntry());
    }

    /** Forgets repositories whose configuration was removed or changed. */
    public void retain(Collection<RepositoryConfiguration> repositories) {
        entries.keySet().retainAll(repositories);
    }

    /**
     * Reads the newest known tip, without network; cheap when it has not moved. May take long for a large repository:
     * call it on the repository's reading thread, which also serializes the calls.
     *
     * @param problem why the tip may be outdated; null when it was just fetched
     */
    public void refresh(RepositoryConfiguration repository, @CheckForNull String problem) {
        RepositoryEntry entry = entry(repository);
        entry.state = read(repository, withPolicy(repository, entry), problem);
    }

    /** The state as far as it stays valid: of another branch, all may be different with another policy. */
    @CheckForNull
    private static RepositoryState withPolicy(RepositoryConfiguration repository, RepositoryEntry entry) {
        if (!repository.isOfEnvironment()) {
            return entry.state;
        }
        String policy = policyId(repository);
        boolean same = policy.equals(entry.policy);
        entry.policy = policy;
        return same ? entry.state : null;
    }

    private static String policyId(RepositoryConfiguration repository) {
        try {
            ConfigRepository clone = ConfigRepositories.get().open(repository.policy());
            Optional<String> tip = clone.tip();
            return tip.isEmpty()
                    ? ""
                    : clone.files(tip.get()).contentId(Delivery.FILE).orElse("");
        } catch (UserErrorException | IOException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to read the policy of " + repository);
            return "";
        }
    }

    private static RepositoryState read(
            RepositoryConfiguration repository, @CheckForNull RepositoryState before, @CheckForNull String why) {
        try {
            ConfigRepository clone = ConfigRepositories.get().open(repository);
            String tip = clone.tip().orElse(null);
            if (tip != null && (before == null || !tip.equals(before.revision()))) {
                return new TargetStateReader(repository.getName(), clone, tip, before).read(why);
            }
            return before == null ? none(repository, why) : before.with(why);
        } catch (UserErrorException e) {
            return failed(repository, before, e.getMessage());
        } catch (Throwable e) {
            // An unreadable repository only keeps its own state from being refreshed.
            String problem =
                    "The local clone cannot be read (" + e.getClass().getSimpleName() + "); see the Jenkins log";
            if (before == null || !problem.equals(before.problem())) {
                LOGGER.log(Level.WARNING, e, () -> "failed to read the clone of " + repository.getName());
            }
            return failed(repository, before, problem);
        }
    }

    private static RepositoryState none(RepositoryConfiguration repository, @CheckForNull String problem) {
        return new RepositoryState(repository.getName(), null, List.of(), List.of(), problem, Instant.now());
    }

    private static RepositoryState failed(
            RepositoryConfiguration repository, @CheckForNull RepositoryState before, String problem) {
        return before == null ? none(repository, problem) : before.with(problem);
    }
}
