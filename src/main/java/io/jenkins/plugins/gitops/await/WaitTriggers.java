package io.jenkins.plugins.gitops.await;

import hudson.Extension;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.RepositoryListener;
import io.jenkins.plugins.gitops.status.StatusListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Re-evaluates waits when an agent reports about their target and when their branch moves. */
@Extension
@Restricted(NoExternalUse.class)
public final class WaitTriggers implements StatusListener, RepositoryListener {
    private static final Logger LOGGER = Logger.getLogger(WaitTriggers.class.getName());

    /** Repositories whose waits are about to be re-evaluated: further moves until then schedule no other task. */
    private final Set<RepositoryConfiguration> scheduled = ConcurrentHashMap.newKeySet();

    @Override
    public void changed(String repository, Set<StatusTopic> keys) {
        WaitRegistry.get().recheck(repository, keys);
    }

    @Override
    public void moved(RepositoryConfiguration repository) {
        if (!scheduled.add(repository)) {
            return;
        }
        try {
            BackgroundPools.get().waits(repository.getName()).execute(() -> {
                scheduled.remove(repository);
                WaitRegistry.get().branchMoved(repository);
            });
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down", e);
        }
    }
}
