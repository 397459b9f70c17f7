package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The folders of a tree that are named after Argo CD or its manifests. */
final class ManifestFolders {
    /** The maximum number of folders at the root that are checked. */
    private static final int MAX_ROOTS = 10_000;
    /** The maximum number of folders that are listed. */
    private static final int MAX_FOLDERS = 1_000;
    /** {@code argocd/applications/dev}. */
    private static final int MAX_DEPTH = 3;

    private ManifestFolders() {}

    /**
     * Folders at the root with such a name, and their subfolders: at most 1,000, three levels deep. Of {@code example-apps},
     * only itself, since the subfolders may be the applications.
     *
     * @throws IOException when the tree cannot be read
     */
    static List<String> of(FileTree tree) throws IOException {
        List<String> found = new ArrayList<>();
        int roots = 0;
        for (FileTree.Entry entry : tree.list("")) {
            String name = entry.name().toLowerCase(Locale.ROOT);
            if (!entry.folder() || ++roots > MAX_ROOTS) {
                continue;
            }
            if (name.contains("argo") || name.startsWith("appset") || name.startsWith("applicationset")) {
                collect(tree, entry.name(), 1, found);
            } else if (name.endsWith("-apps") || name.endsWith("-applications")) {
                found.add(entry.name());
            }
        }
        return found;
    }

    private static void collect(FileTree tree, String folder, int depth, List<String> found) throws IOException {
        if (found.size() >= MAX_FOLDERS) {
            return;
        }
        found.add(folder);
        if (depth == MAX_DEPTH) {
            return;
        }
        for (FileTree.Entry entry : tree.list(folder)) {
            if (entry.folder()) {
                collect(tree, TreePath.child(folder, entry.name()), depth + 1, found);
            }
        }
    }
}
