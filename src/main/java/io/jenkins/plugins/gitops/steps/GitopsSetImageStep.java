package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.SetImage;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code gitopsSetImage}: writes the image of a target to Git. */
public final class GitopsSetImageStep extends Step {
    private final String env;
    private String app;
    private String image;
    private String tag;
    private String digest;
    private String repository;
    private String reason;

    @DataBoundConstructor
    public GitopsSetImageStep(String env) {
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
    public String getImage() {
        return image;
    }

    @DataBoundSetter
    public void setImage(@CheckForNull String image) {
        this.image = image;
    }

    @CheckForNull
    public String getTag() {
        return tag;
    }

    @DataBoundSetter
    public void setTag(@CheckForNull String tag) {
        this.tag = tag;
    }

    @CheckForNull
    public String getDigest() {
        return digest;
    }

    @DataBoundSetter
    public void setDigest(@CheckForNull String digest) {
        this.digest = digest;
    }

    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public void setRepository(@CheckForNull String repository) {
        this.repository = repository;
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
        return new Execution(this, context);
    }

    private static final class Execution extends ChangeExecution {
        private static final long serialVersionUID = 1L;

        private final String image;
        private final String tag;
        private final String digest;

        Execution(GitopsSetImageStep step, StepContext context) {
            super(context, step.repository, step.app, step.env, step.reason);
            this.image = step.image;
            this.tag = step.tag;
            this.digest = step.digest;
        }

        @Override
        ChangeRecord.Kind kind() {
            return ChangeRecord.Kind.SET_IMAGE;
        }

        @Override
        void change() throws Exception {
            write(new SetImage(application(), environment(), new ImageRequest(image, tag, digest), origin(reason())));
        }
    }

    @Extension
    public static final class DescriptorImpl extends GitopsStepDescriptor {
        @Override
        public String getFunctionName() {
            return "gitopsSetImage";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GitopsSetImageStep_DisplayName();
        }
    }
}
