package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.SymlinkResolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The files of a folder, without subfolders and including symbolic links to files. */
final class FolderFiles {
    private FolderFiles() {}

    /**
     * @param folder a path without symbolic links
     * @return sorted names; a link to a folder or to nothing is omitted
     * @throws UserErrorException if the link of a manifest leaves the repository
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

    /** The path of a file of the folder, with links resolved. */
    static String path(FileTree tree, String folder, String name) throws UserErrorException, IOException {
        return SymlinkResolver.follow(tree, TreePath.child(folder, name));
    }

    static boolean isManifest(String name) {
        return TreePath.isYaml(name) || name.endsWith(".json");
    }
}
