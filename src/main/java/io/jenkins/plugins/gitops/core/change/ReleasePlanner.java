package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Releases a held target. Does nothing if it is not held. */
public final class ReleasePlanner implements ChangePlanner {
    private final String application;
    private final String environment;
    private final ChangeMetadata changeMetadata;

    public ReleasePlanner(String application, String environment, ChangeMetadata changeMetadata) {
        this.application = application;
        this.environment = environment;
        this.changeMetadata = changeMetadata;
    }

    @Override
    public ChangePlan plan(BranchTip tip) throws UserErrorException, IOException {
        Target target = Delivery.load(tip.files()).target(application, environment);
        Trailers trailers = changeMetadata.trailers(target).with(Trailers.HOLD, Hold.RELEASED);
        return new ChangePlan(Map.of(), Set.of(Hold.file(target)), target.id() + ": release", trailers);
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return TrailerVerification.matchesFiles(revisionReader, commit, operationId, application, environment);
    }

    @Override
    public OperationScope scope() {
        return new OperationScope(OperationScope.OperationKind.RELEASE, application + "/" + environment);
    }
}
