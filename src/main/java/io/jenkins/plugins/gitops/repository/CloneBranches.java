package io.jenkins.plugins.gitops.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.config.DefaultBranches;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The branches that the open clones follow. */
@Extension
@Restricted(NoExternalUse.class)
public final class CloneBranches extends DefaultBranches {
    @CheckForNull
    @Override
    public String known(RepositoryConfiguration repository) {
        return ConfigRepositories.get().knownBranch(repository);
    }
}
