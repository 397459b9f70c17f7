package io.jenkins.plugins.gitops.repository;

import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Notified when the clone of a config repository was written or fetched. */
@Restricted(NoExternalUse.class)
public interface RepositoryListener extends ExtensionPoint {
    /**
     * Called when the known tip has moved or may have moved, on the thread that wrote or fetched; must return at once.
     */
    void moved(RepositoryConfiguration repository);
}
