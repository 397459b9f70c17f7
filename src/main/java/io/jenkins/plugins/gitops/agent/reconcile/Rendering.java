package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;

/** The desired state of an application, rendered again only when something that was read for it changed. */
final class Rendering {
    private final Renderer renderer;
    private String revision;
    private ApplicationSpec spec;
    private Reads reads;
    private DesiredState state;

    Rendering(Renderer renderer) {
        this.renderer = renderer;
    }

    /** @throws RefusedException when the folder cannot be rendered, or renders what is not supported */
    DesiredState at(Tip tip, String application, ApplicationSpec wanted) throws RefusedException, IOException {
        boolean same = state != null && wanted.equals(spec);
        if (same && (tip.revision().equals(revision) || reads.holdFor(tip.files()))) {
            revision = tip.revision();
            return state;
        }
        RecordingTree tree = new RecordingTree(tip.files());
        state = null;
        state = DesiredState.of(application, wanted, renderer.render(tree, wanted.path()));
        reads = tree.reads();
        spec = wanted;
        revision = tip.revision();
        return state;
    }
}
