package io.jenkins.plugins.gitops.config;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.util.FormValidation;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Checks what a config repository contains, for the button of its form; reading clones is not the configuration's task. */
@Restricted(NoExternalUse.class)
public abstract class RepositoryCheck implements ExtensionPoint {
    /**
     * Checks the newest revision that was fetched.
     *
     * @param repository as it is saved: a form that connects to what is typed in would be a way into the network
     */
    public abstract FormValidation check(RepositoryConfiguration repository);

    static RepositoryCheck get() {
        return ExtensionList.lookupSingleton(RepositoryCheck.class);
    }
}
