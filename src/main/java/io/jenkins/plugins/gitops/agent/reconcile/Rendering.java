package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The desired state of an application, rendered again only when something that was read for it changed. What is refused at one
 * revision is refused there without another try, since a try may take long.
 */
final class Rendering {
    /** A refusal may be one of time, and the machine may have been busy. */
    private static final long REFUSED_FOR = Duration.ofMinutes(5).toNanos();

    private final Renderer renderer;
    private String revision;
    private ApplicationSpec spec;
    private Reads reads;
    private DesiredState state;
    private RefusedException refusal;
    private long refusedAt;

    Rendering(Renderer renderer) {
        this.renderer = renderer;
    }

    /** @throws RefusedException when the folder cannot be rendered, or renders what is not supported */
    DesiredState at(Tip tip, String application, ApplicationSpec wanted) throws RefusedException, IOException {
        boolean sameSpec = wanted.equals(spec);
        boolean sameRevision = tip.revision().equals(revision);
        if (refusal != null && sameSpec && sameRevision && System.nanoTime() - refusedAt < REFUSED_FOR) {
            throw refusal;
        }
        if (state != null && sameSpec && (sameRevision || reads.holdFor(tip.files()))) {
            revision = tip.revision();
            return state;
        }
        state = null;
        refusal = null;
        spec = wanted;
        revision = tip.revision();
        RecordingTree tree = new RecordingTree(tip.files());
        try {
            List<Map<String, Object>> manifests = renderer.render(application, revision, tree, wanted.path());
            if (manifests.isEmpty() && !wanted.allowEmpty()) {
                throw EmptyFolder.refusal(tree, wanted.path());
            }
            state = DesiredState.of(application, wanted, manifests);
        } catch (RefusedException e) {
            refusal = e;
            refusedAt = System.nanoTime();
            throw e;
        }
        reads = tree.reads();
        return state;
    }
}
