package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.DesiredInventory;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.Optional;

/** Renders an application, and records the result in the inventory. */
final class InventoryRendering {
    private final CachedRendering rendering;
    private final DesiredInventory inventory;

    InventoryRendering(CachedRendering rendering, DesiredInventory inventory) {
        this.rendering = rendering;
        this.inventory = inventory;
    }

    /**
     * The desired state at a revision.
     *
     * @return empty while it is being rendered
     * @throws UserErrorException if the folder cannot be rendered, or contains something unsupported
     */
    Optional<DesiredState> get(RevisionTree revisionTree, ApplicationManifest source, ApplicationSpec spec)
            throws UserErrorException, IOException {
        boolean failed = true;
        try {
            Optional<DesiredState> state = rendering.get(revisionTree, source.name(), spec);
            state.ifPresent(rendered -> inventory.rendered(revisionTree.sequence(), rendered));
            failed = false;
            return state;
        } finally {
            if (failed) {
                refused(revisionTree, source);
            }
        }
    }

    /** Records that the application's own manifest is rejected. */
    void refused(RevisionTree revisionTree, ApplicationManifest source) {
        inventory.failed(revisionTree.sequence(), source.name(), new PotentialObjects(source, revisionTree.files()));
    }
}
