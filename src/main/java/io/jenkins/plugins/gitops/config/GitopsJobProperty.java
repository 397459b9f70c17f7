package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Job;
import hudson.model.Run;
import jenkins.model.OptionalJobProperty;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Defaults for steps of a job that name no repository or no application. Grants no permission. */
@Restricted(NoExternalUse.class)
public final class GitopsJobProperty extends OptionalJobProperty<Job<?, ?>> {
    private static final GitopsJobProperty NONE = new GitopsJobProperty();

    private String repository;
    private String app;

    @DataBoundConstructor
    public GitopsJobProperty() {}

    /** The property of a run's job; one without values if the job has none. */
    public static GitopsJobProperty of(Run<?, ?> run) {
        GitopsJobProperty property = run.getParent().getProperty(GitopsJobProperty.class);
        return property == null ? NONE : property;
    }

    /** Name of the config repository; null for none. */
    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public void setRepository(@CheckForNull String repository) {
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    /** The application; null for none. */
    @CheckForNull
    public String getApp() {
        return app;
    }

    @DataBoundSetter
    public void setApp(@CheckForNull String app) {
        this.app = Util.fixEmptyAndTrim(app);
    }

    @Extension
    @Symbol("gitopsDefaults")
    public static final class DescriptorImpl extends OptionalJobPropertyDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GitopsJobProperty_displayName();
        }
    }
}
