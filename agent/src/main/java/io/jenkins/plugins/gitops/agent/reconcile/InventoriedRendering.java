package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ApplicationSource;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.util.Optional;

/** The rendering of an application, which tells the inventory what came of it. */
final class InventoriedRendering {
    private final Rendering rendering;
    private final DesiredInventory inventory;

    InventoriedRendering(Rendering rendering, DesiredInventory inventory) {
        this.rendering = rendering;
        this.inventory = inventory;
    }

    /**
     * The desired state at a revision.
     *
     * @return empty while it is being rendered
     * @throws RefusedException when the folder cannot be rendered, or renders what is not supported
     */
    Optional<DesiredState> at(Tip tip, ApplicationSource source, ApplicationSpec spec)
            throws RefusedException, IOException {
        boolean failed = true;
        try {
            Optional<DesiredState> state = rendering.at(tip, source.name(), spec);
            state.ifPresent(rendered -> inventory.rendered(tip.sequence(), rendered));
            failed = false;
            return state;
        } finally {
            if (failed) {
                refused(tip, source);
            }
        }
    }

    /** The manifest of the application itself is refused. */
    void refused(Tip tip, ApplicationSource source) {
        inventory.failed(tip.sequence(), source.name(), new PossibleHoldings(source, tip.files()));
    }
}
