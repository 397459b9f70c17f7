package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.Plan;
import io.jenkins.plugins.gitops.core.git.Revisions;
import io.jenkins.plugins.gitops.core.git.Tip;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserIds;
import java.io.IOException;
import java.util.Map;

/** Holds a target: nothing bumps it until a person releases it. A target that is held already stays as it is. */
public final class HoldTarget implements ChangePlanner {
    private final String application;
    private final String environment;
    private final Origin origin;

    /** @param origin must have a reason */
    public HoldTarget(String application, String environment, Origin origin) {
        this.application = application;
        this.environment = environment;
        this.origin = origin;
    }

    @Override
    public Plan plan(Tip tip) throws RefusedException, IOException {
        Target target = Delivery.load(tip.files()).target(application, environment);
        if (!origin.hasReason()) {
            throw new RefusedException("A hold of " + target.id() + " needs a reason", "Say why");
        }
        return new Plan(
                Map.of(Hold.file(target), content(tip.files(), target)),
                target.id() + ": hold",
                origin.trailers(target).with(Trailers.HOLD, Hold.HELD));
    }

    private byte[] content(FileTree tree, Target target) throws IOException {
        boolean automatic =
                Hold.find(tree, target).filter(hold -> !hold.isByPerson()).isPresent();
        if (automatic && UserIds.isPerson(origin.requestedBy())) {
            return Hold.of(origin).content();
        }
        try {
            return tree.read(Hold.file(target)).orElseGet(() -> Hold.of(origin).content());
        } catch (RefusedException e) {
            return Hold.of(origin).content();
        }
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, Revisions revisions) throws IOException {
        return CommitClaims.agree(revisions, commit, operationId, application, environment);
    }

    @Override
    public void requireSame(ChangeResult done, Tip tip) throws RefusedException {
        OperationUse.require(done, OperationUse.Kind.HOLD, application, environment);
    }
}
