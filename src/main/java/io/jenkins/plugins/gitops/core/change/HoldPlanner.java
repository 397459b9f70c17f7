package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.model.UserIds;
import java.io.IOException;
import java.util.Map;

/**
 * Holds a target, so that its images cannot be changed until a person releases it. Does nothing if it is already held.
 */
public final class HoldPlanner implements ChangePlanner {
    private final String application;
    private final String environment;
    private final ChangeMetadata changeMetadata;

    /** @param changeMetadata must have a reason */
    public HoldPlanner(String application, String environment, ChangeMetadata changeMetadata) {
        this.application = application;
        this.environment = environment;
        this.changeMetadata = changeMetadata;
    }

    @Override
    public ChangePlan plan(BranchTip tip) throws UserErrorException, IOException {
        Target target = Delivery.load(tip.files()).target(application, environment);
        if (!changeMetadata.hasReason()) {
            throw new UserErrorException("A hold of " + target.id() + " requires a reason", "Give a reason");
        }
        return new ChangePlan(
                Map.of(Hold.file(target), content(tip.files(), target)),
                target.id() + ": hold",
                changeMetadata.trailers(target).with(Trailers.HOLD, Hold.HELD));
    }

    private byte[] content(FileTree tree, Target target) throws IOException {
        boolean automatic =
                Hold.find(tree, target).filter(hold -> !hold.isByPerson()).isPresent();
        if (automatic && UserIds.isPerson(changeMetadata.requestedBy())) {
            return Hold.of(changeMetadata).content();
        }
        try {
            return tree.read(Hold.file(target))
                    .orElseGet(() -> Hold.of(changeMetadata).content());
        } catch (UserErrorException e) {
            return Hold.of(changeMetadata).content();
        }
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return TrailerVerification.matchesFiles(revisionReader, commit, operationId, application, environment);
    }

    @Override
    public OperationScope scope() {
        return new OperationScope(OperationScope.OperationKind.HOLD, application + "/" + environment);
    }
}
