package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.Plan;
import io.jenkins.plugins.gitops.core.git.Revisions;
import io.jenkins.plugins.gitops.core.git.Tip;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Releases a held target. A target that is free already stays as it is. */
public final class ReleaseTarget implements ChangePlanner {
    private final String application;
    private final String environment;
    private final Origin origin;

    public ReleaseTarget(String application, String environment, Origin origin) {
        this.application = application;
        this.environment = environment;
        this.origin = origin;
    }

    @Override
    public Plan plan(Tip tip) throws RefusedException, IOException {
        Target target = Delivery.load(tip.files()).target(application, environment);
        Trailers trailers = origin.trailers(target).with(Trailers.HOLD, Hold.RELEASED);
        return new Plan(Map.of(), Set.of(Hold.file(target)), target.id() + ": release", trailers);
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, Revisions revisions) throws IOException {
        return CommitClaims.agree(revisions, commit, operationId, application, environment);
    }

    @Override
    public void requireSame(ChangeResult done, Tip tip) throws RefusedException {
        OperationUse.require(done, OperationUse.Kind.RELEASE, application, environment);
    }
}
