package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The branches of config repositories for which none is configured; reading clones is not the configuration's task. */
@Restricted(NoExternalUse.class)
public abstract class DefaultBranches implements ExtensionPoint {
    /**
     * The branch that its clone reads and writes now. Asks neither the network nor the disk.
     *
     * @return null while no fetch has found it, or the clone is not open
     */
    @CheckForNull
    public abstract String known(RepositoryConfiguration repository);

    static DefaultBranches get() {
        return ExtensionList.lookupSingleton(DefaultBranches.class);
    }
}
