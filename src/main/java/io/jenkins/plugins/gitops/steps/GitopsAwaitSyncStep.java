package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.core.model.Durations;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.time.Duration;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsAwaitSync}: waits until changes are live. */
public final class GitopsAwaitSyncStep extends GitopsStep {
    /** Used when no timeout is given. */
    public static final String DEFAULT_TIMEOUT = "10m";

    private String env;
    private String revision;
    private String timeout = DEFAULT_TIMEOUT;
    private boolean healthy = true;
    private String stableFor;
    private String onFailure = OnFailure.FAIL.value();

    @DataBoundConstructor
    public GitopsAwaitSyncStep() {}

    @CheckForNull
    public String getEnv() {
        return env;
    }

    @DataBoundSetter
    public void setEnv(@CheckForNull String env) {
        this.env = env;
    }

    @CheckForNull
    public String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@CheckForNull String revision) {
        this.revision = revision;
    }

    public String getTimeout() {
        return timeout;
    }

    /** @param timeout a text such as {@code 10m}, or a number of minutes; null or blank for the default */
    @DataBoundSetter
    public void setTimeout(@CheckForNull Object timeout) {
        String text = timeout == null ? null : Util.fixEmptyAndTrim(timeout.toString());
        this.timeout = text == null ? DEFAULT_TIMEOUT : text;
    }

    public boolean isHealthy() {
        return healthy;
    }

    @DataBoundSetter
    public void setHealthy(boolean healthy) {
        this.healthy = healthy;
    }

    @CheckForNull
    public String getStableFor() {
        return stableFor;
    }

    /** @param stableFor as {@link #setTimeout}; null or blank if the first live status is sufficient */
    @DataBoundSetter
    public void setStableFor(@CheckForNull Object stableFor) {
        this.stableFor = stableFor == null ? null : Util.fixEmptyAndTrim(stableFor.toString());
    }

    /** {@code fail}, {@code unstable} or {@code rollback}; validated when the step runs. */
    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(String onFailure) {
        this.onFailure = onFailure;
    }

    /**
     * Parses how long the change must remain live.
     *
     * @param stableFor null if the first live status is sufficient
     * @throws UserErrorException when one of them is not a duration, or it is longer than the timeout
     */
    static Duration stability(@CheckForNull String stableFor, String timeout) throws UserErrorException {
        Duration stable = stableFor == null ? Duration.ZERO : Durations.parse(stableFor);
        if (stable.compareTo(Durations.parse(timeout)) > 0) {
            throw new UserErrorException(
                    "stableFor " + stableFor + " is longer than the timeout " + timeout,
                    "Give a longer timeout, or a shorter stableFor");
        }
        return stable;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new AwaitSyncExecution(this, context);
    }

    @Extension
    public static final class DescriptorImpl extends GitopsStepDescriptor {
        @Override
        public String getFunctionName() {
            return "gitopsAwaitSync";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GitopsAwaitSyncStep_DisplayName();
        }

        /** Used by config.jelly. */
        public String getDefaultTimeout() {
            return DEFAULT_TIMEOUT;
        }

        /**
         * Binds the durations separately: a form submits texts, which cannot be bound to a parameter that also accepts
         * numbers.
         */
        @Override
        public Step newInstance(StaplerRequest2 request, JSONObject form) throws FormException {
            JSONObject others = new JSONObject();
            others.putAll(form);
            Object timeout = others.remove("timeout");
            Object stableFor = others.remove("stableFor");
            GitopsAwaitSyncStep step = (GitopsAwaitSyncStep) super.newInstance(request, others);
            step.setTimeout(timeout);
            step.setStableFor(stableFor);
            return step;
        }

        /** Checks only the text, so no permission is required beyond access to the form. */
        @POST
        public FormValidation doCheckTimeout(@QueryParameter String value) {
            return check(value);
        }

        /** Checks only the text, so no permission is required beyond access to the form. */
        @POST
        public FormValidation doCheckStableFor(@QueryParameter String value) {
            return check(value);
        }

        /** The same for all users, so no permission is required beyond access to the form. */
        @POST
        public ListBoxModel doFillOnFailureItems() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.GitopsAwaitSyncStep_Fail(), OnFailure.FAIL.value());
            items.add(Messages.GitopsAwaitSyncStep_Unstable(), OnFailure.UNSTABLE.value());
            items.add(Messages.GitopsAwaitSyncStep_Rollback(), OnFailure.ROLLBACK.value());
            return items;
        }

        private static FormValidation check(String value) {
            try {
                if (Util.fixEmptyAndTrim(value) != null) {
                    Durations.parse(value);
                }
                return FormValidation.ok();
            } catch (UserErrorException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
