package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code gitopsSync}: asks the agent of a target to sync it now. */
public final class GitopsSyncStep extends Step {
    private final String env;
    private String app;
    private String repository;
    private boolean prune;

    @DataBoundConstructor
    public GitopsSyncStep(String env) {
        this.env = env;
    }

    @CheckForNull
    public String getApp() {
        return app;
    }

    @DataBoundSetter
    public void setApp(@CheckForNull String app) {
        this.app = app;
    }

    public String getEnv() {
        return env;
    }

    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public void setRepository(@CheckForNull String repository) {
        this.repository = repository;
    }

    public boolean isPrune() {
        return prune;
    }

    /** @param prune whether what Git no longer holds is deleted without further confirmation */
    @DataBoundSetter
    public void setPrune(boolean prune) {
        this.prune = prune;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new SyncExecution(this, context);
    }

    @Extension
    public static final class DescriptorImpl extends GitopsStepDescriptor {
        @Override
        public String getFunctionName() {
            return "gitopsSync";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GitopsSyncStep_DisplayName();
        }
    }
}
