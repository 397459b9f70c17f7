package io.jenkins.plugins.gitops.config;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.util.FormValidation;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Checks what a config repository contains, for the button of its form. An extension point, since this package must not
 * read clones.
 */
@Restricted(NoExternalUse.class)
public abstract class RepositoryCheck implements ExtensionPoint {
    /**
     * Checks the last fetched revision.
     *
     * @param repository as saved: if the form connected to the URL that is entered, any user who can see it could probe
     *     the network
     */
    public abstract FormValidation check(RepositoryConfiguration repository);

    static RepositoryCheck get() {
        return ExtensionList.lookupSingleton(RepositoryCheck.class);
    }
}
