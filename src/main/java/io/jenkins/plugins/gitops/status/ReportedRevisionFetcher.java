package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.FollowedBranch;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Triggers a fetch of a repository when an agent reports a revision that the clone does not contain. */
@Extension
@Restricted(NoExternalUse.class)
public final class ReportedRevisionFetcher implements StatusListener {
    private static final Logger LOGGER = Logger.getLogger(ReportedRevisionFetcher.class.getName());

    /** Repositories with a scheduled check: further reports before it runs schedule no other. */
    private final Set<RepositoryConfiguration> scheduled = ConcurrentHashMap.newKeySet();

    @Override
    public void changed(String name, Set<StatusTopic> keys) {
        for (RepositoryConfiguration repository : GitopsConfiguration.get().getRepositories()) {
            if (repository.getName().equals(name) && scheduled.add(repository)) {
                schedule(repository);
            }
        }
    }

    private void schedule(RepositoryConfiguration repository) {
        try {
            BackgroundPools.get().waits(repository.getName()).execute(() -> {
                scheduled.remove(repository);
                check(repository);
            });
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down", e);
        }
    }

    private static void check(RepositoryConfiguration repository) {
        try {
            for (ReportedRevision reported : reportedRevisions(repository)) {
                List<RepositoryConfiguration> branches = RepositoryBranches.followed(repository, reported.branch());
                if (isMissing(branches, reported.revision())) {
                    branches.forEach(branch -> RepositoryFetcher.get().fetchMissing(branch, reported.revision()));
                }
            }
        } catch (UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to read " + repository);
        }
    }

    private static boolean isMissing(List<RepositoryConfiguration> branches, String revision)
            throws UserErrorException {
        for (RepositoryConfiguration branch : branches) {
            if (ConfigRepositories.get().open(branch).contains(revision)) {
                return false;
            }
        }
        return true;
    }

    /** @param branch that the application follows; null if that is unknown */
    private record ReportedRevision(
            String revision, @CheckForNull String branch) {}

    private static Set<ReportedRevision> reportedRevisions(RepositoryConfiguration repository) {
        Map<String, Boolean> known = new HashMap<>();
        Set<ReportedRevision> revisions = new HashSet<>();
        for (AgentInfo agent : StatusSources.agents(Instant.now())) {
            agent.applications().stream()
                    .filter(a -> known.computeIfAbsent(a.repository(), repository::isAt))
                    .filter(a -> a.comparedRevision() != null)
                    .map(a -> new ReportedRevision(a.comparedRevision(), FollowedBranch.of(a)))
                    .forEach(revisions::add);
        }
        return revisions;
    }
}
