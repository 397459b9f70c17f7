package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.repository.CloneReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The newest commits of each repository by age: a cheap way to determine whether an agent has seen a change, with one
 * short walk per tip instead of one per target. Only precise enough for a page; decisions use the full history.
 */
final class RecentCommits {
    private static final Logger LOGGER = Logger.getLogger(RecentCommits.class.getName());
    private static final int COMMITS = 200;

    private static final long TIMEOUT_MILLIS = 500;

    private final Map<RepositoryConfiguration, CommitReader> byRepository = new ConcurrentHashMap<>();

    private record CommitReader(String tip, CompletableFuture<Ages> ages) {}

    /** @param ages 0 for the tip, 1 for its parent, and so on */
    record Ages(String tip, Map<String, Integer> ages) {
        /** Whether a change is newer than the revision that an agent compared. Unknown revisions count as old. */
        boolean isBehind(@CheckForNull String compared, String change) {
            Integer age = ages.get(change);
            Integer seen = compared == null ? null : ages.get(compared);
            return age != null && (seen == null || age < seen);
        }
    }

    /** The ages at a tip; null while they are being read in the background. */
    @CheckForNull
    Ages of(RepositoryConfiguration repository, String tip) {
        List<RepositoryConfiguration> configured = GitopsConfiguration.get().getRepositories();
        byRepository.keySet().removeIf(branch -> !configured.contains(branch.policy()));
        CommitReader commitReader = byRepository.compute(
                repository,
                (same, known) -> known != null && known.tip().equals(tip)
                        ? known
                        : new CommitReader(tip, CloneReader.read(repository, clone -> read(clone, tip))));
        try {
            return commitReader.ages().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            LOGGER.log(Level.FINE, e, () -> "no recent commits of " + repository);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static Ages read(ConfigRepository clone, String tip) throws IOException {
        Map<String, Integer> ages = new HashMap<>();
        for (CommitInfo commit : clone.log(tip, "", COMMITS)) {
            ages.put(commit.revision(), ages.size());
        }
        return new Ages(tip, ages);
    }
}
