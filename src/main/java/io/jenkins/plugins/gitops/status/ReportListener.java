package io.jenkins.plugins.gitops.status;

import hudson.ExtensionPoint;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Is told when an agent has said something new. */
@Restricted(NoExternalUse.class)
public interface ReportListener extends ExtensionPoint {
    /**
     * Called on the thread that answers the agent: do nothing slow here.
     *
     * @param repositories names of the configured repositories that the report speaks of
     */
    void reported(Set<String> repositories);
}
