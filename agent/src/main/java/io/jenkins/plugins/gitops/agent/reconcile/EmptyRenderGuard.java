package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rejects a folder without manifests: the application would be Synced and Healthy, and prune all its objects. */
final class EmptyRenderGuard {
    /** The maximum number of folders to list. */
    private static final int MAX_NAMED = 5;

    private EmptyRenderGuard() {}

    /** Why the folder has no manifests, with the remedy. */
    static UserErrorException refusal(FileTree tree, String path) throws IOException {
        SourceLocation at = SourceLocation.of(path.isEmpty() ? "." : path);
        List<String> below = foldersWithManifests(tree, path);
        return below.isEmpty()
                ? new UserErrorException(
                        at,
                        "The folder has no manifests",
                        "Correct spec.source.path or add manifests; if the application is to have none,"
                                + " set syncPolicy.automated.allowEmpty: true")
                : new UserErrorException(
                        at,
                        "The folder has manifests in subfolders only (" + String.join(", ", below)
                                + "), which are not read",
                        "Name one of them in spec.source.path, or list them in a kustomization.yaml");
    }

    private static List<String> foldersWithManifests(FileTree tree, String path) throws IOException {
        List<String> found = new ArrayList<>();
        for (FileTree.Entry entry : tree.list(path)) {
            if (entry.folder() && found.size() < MAX_NAMED) {
                boolean manifests = tree.list(path.isEmpty() ? entry.name() : path + "/" + entry.name()).stream()
                        .anyMatch(e -> !e.folder()
                                && (e.name().endsWith(".yaml")
                                        || e.name().endsWith(".yml")
                                        || e.name().endsWith(".json")));
                if (manifests) {
                    found.add(entry.name());
                }
            }
        }
        return found;
    }
}
