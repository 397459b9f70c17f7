package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** The parameters that all steps have in common: the application and its config repository. */
@Restricted(NoExternalUse.class)
public abstract class GitopsStep extends Step {
    private String app;
    private String repository;

    /** The application; null to use the job's default, or when the step needs none. */
    @CheckForNull
    public final String getApp() {
        return app;
    }

    @DataBoundSetter
    public final void setApp(@CheckForNull String app) {
        this.app = app;
    }

    /** Name of the config repository in the global configuration; null for the job's default or the only one. */
    @CheckForNull
    public final String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public final void setRepository(@CheckForNull String repository) {
        this.repository = repository;
    }
}
