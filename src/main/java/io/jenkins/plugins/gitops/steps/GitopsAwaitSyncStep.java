package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.core.model.RefusedException;
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
public final class GitopsAwaitSyncStep extends Step {
    /** When no timeout is given. */
    public static final String DEFAULT_TIMEOUT = "10m";

    private String app;
    private String env;
    private String revision;
    private String repository;
    private String timeout = DEFAULT_TIMEOUT;
    private boolean healthy = true;

    @DataBoundConstructor
    public GitopsAwaitSyncStep() {}

    @CheckForNull
    public String getApp() {
        return app;
    }

    @DataBoundSetter
    public void setApp(@CheckForNull String app) {
        this.app = app;
    }

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

    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public void setRepository(@CheckForNull String repository) {
        this.repository = repository;
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

        /** A form has texts only, and none of them can be bound to a parameter that takes numbers too. */
        @Override
        public Step newInstance(StaplerRequest2 request, JSONObject form) throws FormException {
            JSONObject others = new JSONObject();
            others.putAll(form);
            Object timeout = others.remove("timeout");
            GitopsAwaitSyncStep step = (GitopsAwaitSyncStep) super.newInstance(request, others);
            step.setTimeout(timeout);
            return step;
        }

        /** Looks at the text alone, so whoever can see the form may ask. */
        @POST
        public FormValidation doCheckTimeout(@QueryParameter String value) {
            try {
                if (Util.fixEmptyAndTrim(value) != null) {
                    Durations.parse(value);
                }
                return FormValidation.ok();
            } catch (RefusedException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
