package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.SymlinkResolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The files directly in a folder, symbolic links to files included. */
final class FolderFiles {
    private FolderFiles() {}

    /**
     * @param folder a path with no symbolic link in it
     * @return names in order; a link that leads nowhere or to a folder is left out
     * @throws UserErrorException when the link of a manifest leaves the repository
     */
    static List<String> names(FileTree tree, String folder) throws UserErrorException, IOException {
        List<String> names = new ArrayList<>();
        for (FileTree.Entry entry : tree.list(folder)) {
            if (!entry.folder()) {
                names.add(entry.name());
            }
        }
        for (String link : tree.links(folder)) {
            if (isManifest(link) && tree.read(path(tree, folder, link)).isPresent()) {
                names.add(link);
            }
        }
        names.sort(null);
        return names;
    }

    /** Where a file of the folder lies. */
    static String path(FileTree tree, String folder, String name) throws UserErrorException, IOException {
        return SymlinkResolver.follow(tree, TreePath.child(folder, name));
    }

    static boolean isManifest(String name) {
        return TreePath.isYaml(name) || name.endsWith(".json");
    }
}
