package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.RollbackPlanner;
import io.jenkins.plugins.gitops.core.delivery.RollbackPolicy;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code gitopsRollback}: restores an earlier image of a target, as a new commit. */
public final class GitopsRollbackStep extends GitopsImagesStep {
    private final String env;
    private final String reason;
    private String to;
    private boolean hold = true;

    @DataBoundConstructor
    public GitopsRollbackStep(String env, String reason) {
        this.env = env;
        this.reason = reason;
    }

    public String getEnv() {
        return env;
    }

    public String getReason() {
        return reason;
    }

    @CheckForNull
    public String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@CheckForNull String to) {
        this.to = to;
    }

    /**
     * Whether the target is held afterwards, so that only another rollback or the release by a person can change it.
     */
    public boolean isHold() {
        return hold;
    }

    @DataBoundSetter
    public void setHold(boolean hold) {
        this.hold = hold;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(this, context);
    }

    private static final class Execution extends ChangeExecution {
        private static final long serialVersionUID = 1L;

        private final String to;
        private final boolean hold;
        private final String image;
        private final ArrayList<String> images;
        private transient volatile OwnChangeGuard guard;

        Execution(GitopsRollbackStep step, StepContext context) {
            super(context, step.getRepository(), step.getApp(), step.env, step.reason);
            this.to = step.to;
            this.hold = step.hold;
            this.image = step.getImage();
            List<String> selected = step.getImages();
            this.images = selected == null ? null : new ArrayList<>(selected);
        }

        @Override
        ChangeRecord.ChangeKind kind() {
            return ChangeRecord.ChangeKind.ROLLBACK;
        }

        @Override
        void change() throws Exception {
            String reason = reason();
            if (reason == null || reason.isBlank()) {
                throw new UserErrorException(
                        "A rollback of " + target() + " requires a reason", "Set the parameter reason");
            }
            List<String> names = names(image, images);
            Predicate<RollbackPolicy> access = RollbackAccess.of(requester());
            ChangeMetadata origin = changeMetadata(reason);
            OwnChangeGuard.RollbackOfImages rollback = selected -> new RollbackPlanner(
                    application(), environment(), new RollbackPlanner.Options(to, selected, hold), access, origin);
            List<ChangeRecord> own = to == null ? ownChanges() : List.of();
            if (own.isEmpty()) {
                write(rollback.of(names));
            } else {
                guard = new OwnChangeGuard(own, names, configuration(), rollback);
                write(guard);
            }
        }

        /** The changes of this run to the target; if empty, a person requests the rollback of someone else's change. */
        private List<ChangeRecord> ownChanges() throws Exception {
            GitopsChangesAction action = GitopsChangesAction.find(run());
            List<ChangeRecord> own = new ArrayList<>();
            for (ChangeRecord change : action == null ? List.<ChangeRecord>of() : action.getChanges()) {
                if (change.isIn(binding())
                        && change.isAbout(null, application(), environment())
                        && !change.getImages().isEmpty()
                        && !change.getOperation().equals(operation())) {
                    own.add(change);
                }
            }
            return own;
        }

        @Override
        String unchanged(String images, String revision) {
            String by = guard == null ? null : guard.changedBy();
            return by == null ? super.unchanged(images, revision) : Messages.GitopsRollbackStep_Overtaken(target(), by);
        }
    }

    @Extension
    public static final class DescriptorImpl extends GitopsStepDescriptor {
        @Override
        public String getFunctionName() {
            return "gitopsRollback";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.GitopsRollbackStep_DisplayName();
        }
    }
}
