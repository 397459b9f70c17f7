package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.SetImagePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code gitopsSetImage}: changes the image of a target in Git. */
public final class GitopsSetImageStep extends GitopsStep {
    private final String env;
    private String image;
    private String tag;
    private String digest;
    private List<String> images;
    private boolean create;
    private boolean force;
    private String reason;

    @DataBoundConstructor
    public GitopsSetImageStep(String env) {
        this.env = env;
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

    /** {@code name:tag}, {@code name@digest} or {@code name:tag@digest}, all for one commit; null when not given. */
    @CheckForNull
    public List<String> getImages() {
        return images == null ? null : Collections.unmodifiableList(images);
    }

    @DataBoundSetter
    public void setImages(@CheckForNull List<String> images) {
        this.images = images == null ? null : new ArrayList<>(images);
    }

    /** Used by config.jelly: the images, one per line. */
    @Restricted(NoExternalUse.class)
    public String getImageLines() {
        return images == null ? "" : String.join("\n", images);
    }

    /** Whether to add a missing entry. */
    public boolean isCreate() {
        return create;
    }

    @DataBoundSetter
    public void setCreate(boolean create) {
        this.create = create;
    }

    /** Whether an older build may overwrite the change of a newer build of the same job. */
    public boolean isForce() {
        return force;
    }

    @DataBoundSetter
    public void setForce(boolean force) {
        this.force = force;
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
        private final ArrayList<String> images;
        private final boolean create;
        private final boolean force;

        Execution(GitopsSetImageStep step, StepContext context) {
            super(context, step.getRepository(), step.getApp(), step.env, step.reason);
            this.image = step.image;
            this.tag = step.tag;
            this.digest = step.digest;
            this.images = step.images == null ? null : new ArrayList<>(step.images);
            this.create = step.create;
            this.force = step.force;
        }

        @Override
        ChangeRecord.ChangeKind kind() {
            return ChangeRecord.ChangeKind.SET_IMAGE;
        }

        @Override
        void change() throws Exception {
            write(new SetImagePlanner(
                    application(),
                    environment(),
                    requests(),
                    new SetImagePlanner.Options(create, force),
                    metadataWithAuthors()));
        }

        /**
         * Adds a hint for images without a digest: a tag that was pushed again looks the same in Git, so nothing would
         * be deployed.
         */
        @Override
        String unchanged(String list, String revision) {
            String line = super.unchanged(list, revision);
            boolean pinned = images == null
                    ? digest != null
                    : images.stream().allMatch(reference -> reference.indexOf('@') >= 0);
            return pinned ? line : Messages.GitopsSetImageStep_SameTag(line);
        }

        @Override
        CompletableFuture<Void> beforeSuccess(ChangeResult result) {
            return binding()
                    .find()
                    .map(repository -> SameTagWarning.of(repository, application(), environment(), result))
                    .orElse(CompletableFuture.completedFuture(List.of()))
                    .thenAccept(warnings -> warnings.forEach(this::log));
        }

        private List<ImageRequest> requests() throws UserErrorException {
            if (images == null) {
                return List.of(new ImageRequest(image, tag, digest));
            }
            if (image != null || tag != null || digest != null) {
                throw new UserErrorException(
                        "images cannot be combined with image, tag or digest", "Use either images or the others");
            }
            if (images.isEmpty()) {
                throw new UserErrorException("images is empty", "Name at least one image, as registry/name:tag");
            }
            List<ImageRequest> requests = new ArrayList<>();
            for (String one : images) {
                requests.add(ImageRequest.parse(one));
            }
            return requests;
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
