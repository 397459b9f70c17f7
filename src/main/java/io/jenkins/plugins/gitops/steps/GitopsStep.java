package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** The parameters that all steps have in common: which application, in which config repository. */
@Restricted(NoExternalUse.class)
public abstract class GitopsStep extends Step {
    private String app;
    private String repository;

    /** The application; null when the job's defaults name it, or when the step does without. */
    @CheckForNull
    public final String getApp() {
        return app;
    }

    @DataBoundSetter
    public final void setApp(@CheckForNull String app) {
        this.app = app;
    }

    /** The config repository as the global configuration names it; null for the job's default or the only one. */
    @CheckForNull
    public final String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public final void setRepository(@CheckForNull String repository) {
        this.repository = repository;
    }
}
