package io.jenkins.plugins.gitops.status;

import hudson.Extension;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
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
            ConfigRepository clone = ConfigRepositories.get().open(repository);
            for (String revision : reportedRevisions(repository)) {
                if (!clone.contains(revision)) {
                    RepositoryFetcher.get().fetchMissing(repository, revision);
                }
            }
        } catch (UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to read " + repository);
        }
    }

    private static Set<String> reportedRevisions(RepositoryConfiguration repository) {
        Map<String, Boolean> known = new HashMap<>();
        Set<String> revisions = new HashSet<>();
        for (AgentInfo agent : StatusSources.agents(Instant.now())) {
            agent.applications().stream()
                    .filter(a -> known.computeIfAbsent(a.repository(), repository::isAt))
                    .map(Report.ApplicationStatus::comparedRevision)
                    .filter(r -> r != null)
                    .forEach(revisions::add);
        }
        return revisions;
    }
}
