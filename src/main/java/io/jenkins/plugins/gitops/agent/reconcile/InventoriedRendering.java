package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ApplicationSource;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;

/** The rendering of an application, which tells the inventory what came of it. */
final class InventoriedRendering {
    private final Rendering rendering;
    private final DesiredInventory inventory;

    InventoriedRendering(Renderer renderer, DesiredInventory inventory) {
        this.rendering = new Rendering(renderer);
        this.inventory = inventory;
    }

    /** @throws RefusedException when the folder cannot be rendered, or renders what is not supported */
    DesiredState at(Tip tip, ApplicationSource source, ApplicationSpec spec) throws RefusedException, IOException {
        DesiredState state = null;
        try {
            state = rendering.at(tip, source.name(), spec);
            inventory.rendered(tip.sequence(), state);
            return state;
        } finally {
            if (state == null) {
                refused(tip, source);
            }
        }
    }

    /** The manifest of the application itself is refused. */
    void refused(Tip tip, ApplicationSource source) {
        inventory.failed(tip.sequence(), source.name(), new PossibleHoldings(source, tip.files()));
    }
}
