package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code gitopsSync}: requests that the agent of a target syncs it now. */
public final class GitopsSyncStep extends GitopsStep {
    private final String env;
    private boolean prune;

    @DataBoundConstructor
    public GitopsSyncStep(String env) {
        this.env = env;
    }

    public String getEnv() {
        return env;
    }

    public boolean isPrune() {
        return prune;
    }

    /** @param prune whether resources that are no longer in Git are deleted without further confirmation */
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
