package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Lets a build take back its own change only: when somebody else has changed the target since, nothing is written. So a
 * rollback in a {@code catch} is safe also when the wait ended because of a newer change.
 */
final class OwnChangeGuard implements ChangePlanner {
    private final ChangeRecord own;
    private final ConfigRepository clone;
    private final ChangePlanner rollback;
    private volatile String changedBy;

    OwnChangeGuard(ChangeRecord own, ConfigRepository clone, ChangePlanner rollback) {
        this.own = own;
        this.clone = clone;
        this.rollback = rollback;
    }

    @Override
    public ChangePlan plan(BranchTip tip) throws UserErrorException, IOException {
        Target target = Delivery.load(tip.files()).target(own.getApplication(), own.getEnvironment());
        List<String> present = TargetImages.read(tip.files(), target).stream()
                .map(ImageReference::toString)
                .toList();
        if (present.containsAll(own.getImages())) {
            changedBy = null;
            return rollback.plan(tip);
        }
        List<CommitInfo> newest = clone.log(tip.revision(), TargetImages.imageFile(tip.files(), target), 1);
        changedBy = newest.isEmpty()
                ? tip.revision()
                : ShortRevision.of(newest.get(0).revision()) + " \""
                        + newest.get(0).subject() + "\"";
        return new ChangePlan(Map.of(), target.id() + ": nothing to roll back", Trailers.none());
    }

    @Override
    @CheckForNull
    public OperationScope scope() {
        return rollback.scope();
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return rollback.isDoneBy(commit, operationId, revisionReader);
    }

    @Override
    public void requireSame(ChangeResult done, BranchTip tip) throws UserErrorException, IOException {
        rollback.requireSame(done, tip);
    }

    /** Who changed the target since; null when this build's change still stands. */
    @CheckForNull
    String changedBy() {
        return changedBy;
    }
}
