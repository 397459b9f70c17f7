package io.jenkins.plugins.gitops.status;

import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Notified when an agent of any kind has reported changes. */
@Restricted(NoExternalUse.class)
public interface StatusListener extends ExtensionPoint {
    /**
     * Called on the thread that received the report, so it must return quickly.
     *
     * @param repository name of the configured repository
     * @param keys the topics that changed; never empty
     */
    void changed(String repository, Set<StatusTopic> keys);
}
