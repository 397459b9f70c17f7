package io.jenkins.plugins.gitops.status;

import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Is told when an agent, of whatever kind, has said something new. */
@Restricted(NoExternalUse.class)
public interface StatusListener extends ExtensionPoint {
    /**
     * Called on the thread that heard it: do nothing slow here.
     *
     * @param repository name of the configured repository that it is about
     * @param keys what is new there; never empty
     */
    void changed(String repository, Set<StatusTopic> keys);
}
