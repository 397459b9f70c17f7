package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.BranchRevisions;
import io.jenkins.plugins.gitops.core.delivery.BranchFiles;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The branches of a config repository: the configured one, whose {@code gitops.yaml} is the policy, and those that the
 * policy names for environments. Reads the local clone only, and no more of it than {@code gitops.yaml}.
 */
@Restricted(NoExternalUse.class)
public final class RepositoryBranches {
    private static final Logger LOGGER = Logger.getLogger(RepositoryBranches.class.getName());

    private RepositoryBranches() {}

    /**
     * The branch of a target by the policy as it was last fetched.
     *
     * @param repository the configured repository
     * @return the repository itself while nothing was fetched
     * @throws UserErrorException if the clone cannot be opened, or {@code gitops.yaml} is invalid
     * @throws IOException if the clone cannot be read
     */
    public static RepositoryConfiguration of(RepositoryConfiguration repository, String application, String environment)
            throws UserErrorException, IOException {
        Optional<Delivery> policy = policy(repository);
        return policy.isEmpty()
                ? repository.policy()
                : repository.onBranch(policy.get().branchOf(application, environment));
    }

    /** The branches that the policy names besides its own; empty if they are unknown. */
    public static List<RepositoryConfiguration> others(RepositoryConfiguration repository) {
        List<RepositoryConfiguration> others = new ArrayList<>();
        try {
            policy(repository)
                    .map(Delivery::branches)
                    .orElse(Set.of())
                    .forEach(branch -> others.add(repository.onBranch(branch)));
        } catch (UserErrorException | IOException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to read the branches of " + repository);
        }
        return others;
    }

    /** All branches, the one with the policy first. */
    public static List<RepositoryConfiguration> all(RepositoryConfiguration repository) {
        List<RepositoryConfiguration> all = new ArrayList<>(List.of(repository.policy()));
        all.addAll(others(repository));
        return all;
    }

    /** All branches of all repositories. */
    public static Set<RepositoryConfiguration> all(Collection<RepositoryConfiguration> repositories) {
        Set<RepositoryConfiguration> all = new LinkedHashSet<>();
        repositories.forEach(repository -> all.addAll(all(repository)));
        return all;
    }

    /**
     * The branches that an application may deploy.
     *
     * @param followed the branch that it follows; null if that is unknown
     * @return all branches unless it follows one of them
     */
    public static List<RepositoryConfiguration> followed(
            RepositoryConfiguration repository, @CheckForNull String followed) {
        List<RepositoryConfiguration> all = all(repository);
        List<RepositoryConfiguration> matching =
                all.stream().filter(branch -> isCalled(branch, followed)).toList();
        return matching.isEmpty() ? all : matching;
    }

    private static boolean isCalled(RepositoryConfiguration branch, @CheckForNull String name) {
        try {
            return ConfigRepositories.get().open(branch).branch().equals(name);
        } catch (UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to open " + branch);
            return false;
        }
    }

    /** The clones of the branches, for decisions that follow images through them. */
    public static BranchRevisions revisions(RepositoryConfiguration repository) {
        return branch -> fetched(repository.onBranch(branch)).revisions();
    }

    /** The newest fetched files of the branches. */
    public static BranchFiles files(RepositoryConfiguration repository) {
        return branch -> {
            ConfigRepository clone = fetched(repository.onBranch(branch));
            return clone.files(tip(repository.onBranch(branch), clone));
        };
    }

    private static ConfigRepository fetched(RepositoryConfiguration branch) throws UserErrorException {
        ConfigRepository clone = ConfigRepositories.get().open(branch);
        tip(branch, clone);
        return clone;
    }

    private static String tip(RepositoryConfiguration branch, ConfigRepository clone) throws UserErrorException {
        Optional<String> tip = clone.tip();
        if (tip.isPresent()) {
            return tip.get();
        }
        String problem = RepositoryFetcher.get().problem(branch);
        throw new UserErrorException(
                "Branch " + clone.branch() + " of " + branch.getName() + " has not been fetched yet"
                        + (problem == null ? "" : ": " + problem),
                "Try again when it has been fetched");
    }

    private static Optional<Delivery> policy(RepositoryConfiguration repository)
            throws UserErrorException, IOException {
        ConfigRepository clone = ConfigRepositories.get().open(repository.policy());
        Optional<String> tip = clone.tip();
        return tip.isEmpty() ? Optional.empty() : Optional.of(Delivery.load(clone.files(tip.get())));
    }
}
