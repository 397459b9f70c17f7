package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.status.Repositories;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The newest commits of each repository by age, to tell cheaply whether an agent has seen a change: one short walk for
 * each tip instead of one for each target. Good enough for a page; what decides anything asks the history itself.
 */
final class RecentCommits {
    private static final Logger LOGGER = Logger.getLogger(RecentCommits.class.getName());
    private static final int COMMITS = 200;

    private final Map<String, Ages> byRepository = new ConcurrentHashMap<>();

    /** @param ages 0 for the tip, 1 for the commit before, and so on */
    record Ages(String tip, Map<String, Integer> ages) {
        /** Whether a change is younger than what an agent looked at. Unknown revisions are old. */
        boolean isBehind(@CheckForNull String compared, String change) {
            Integer age = ages.get(change);
            Integer seen = compared == null ? null : ages.get(compared);
            return age != null && (seen == null || age < seen);
        }
    }

    Ages of(RepositoryConfiguration repository, String tip) {
        return byRepository.compute(
                repository.getName(),
                (name, known) -> known != null && known.tip().equals(tip) ? known : read(repository, tip));
    }

    private static Ages read(RepositoryConfiguration repository, String tip) {
        Map<String, Integer> ages = new HashMap<>();
        try {
            List<CommitInfo> commits = Repositories.get().open(repository).log(tip, "", COMMITS);
            for (CommitInfo commit : commits) {
                ages.put(commit.revision(), ages.size());
            }
        } catch (RefusedException | IOException e) {
            LOGGER.log(Level.FINE, e, () -> "No recent commits of " + repository);
        }
        return new Ages(tip, ages);
    }
}
