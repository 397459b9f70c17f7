package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * {@code gitopsPromote}: copies the verified images of a target to the next environment, with approval if the policy
 * requires it.
 */
public final class GitopsPromoteStep extends GitopsImagesStep {
    private final String from;
    private final String to;
    private String reason;

    @DataBoundConstructor
    public GitopsPromoteStep(String from, String to) {
        this.from = from;
        this.to = to;
    }

    public String getFrom() {
        return from;
    }

    public String getTo() {
        return to;
    }

    @CheckForNull
    public String getReason() {
        return reason;
    }

    @DataBoundSetter
    public void setReason(@CheckForNull String reason) {
        this.reason = reason;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new PromoteExecution(this, context);
    }

    @Extension
    public static final class DescriptorImpl extends GitopsStepDescriptor {
        @Override
        public String getFunctionName() {
            return "gitopsPromote";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GitopsPromoteStep_DisplayName();
        }
    }
}
