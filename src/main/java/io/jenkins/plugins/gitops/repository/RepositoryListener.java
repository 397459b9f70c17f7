package io.jenkins.plugins.gitops.repository;

import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Is notified when the clone of a config repository was written or fetched. */
@Restricted(NoExternalUse.class)
public interface RepositoryListener extends ExtensionPoint {
    /** The known tip has moved, or may have. Called on the thread that wrote or fetched: return at once. */
    void moved(RepositoryConfiguration repository);
}
