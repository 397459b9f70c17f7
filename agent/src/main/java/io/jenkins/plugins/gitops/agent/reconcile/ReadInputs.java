package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs read from a tree. The tree itself is not kept.
 *
 * @param files hash of each file, empty for a missing one
 * @param folders the entries of each folder
 * @param linkTargets the target of each followed symbolic link
 * @param links the names of the symbolic links in each folder
 */
record ReadInputs(
        Map<String, String> files,
        Map<String, List<FileTree.Entry>> folders,
        Map<String, String> linkTargets,
        Map<String, List<String>> links) {
    ReadInputs {
        files = Map.copyOf(files);
        folders = Map.copyOf(folders);
        linkTargets = Map.copyOf(linkTargets);
        links = Map.copyOf(links);
    }

    /** Whether all inputs are the same in another tree. */
    boolean areUnchangedIn(FileTree other) throws IOException {
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                if (!hash(other.read(file.getKey())).equals(file.getValue())) {
                    return false;
                }
            }
            for (Map.Entry<String, String> link : linkTargets.entrySet()) {
                if (!other.linkTarget(link.getKey()).equals(Optional.of(link.getValue()))) {
                    return false;
                }
            }
        } catch (UserErrorException e) {
            return false;
        }
        for (Map.Entry<String, List<FileTree.Entry>> folder : folders.entrySet()) {
            // An empty folder may have become a link, whose listing is also empty.
            if (folder.getValue().isEmpty() || !other.list(folder.getKey()).equals(folder.getValue())) {
                return false;
            }
        }
        for (Map.Entry<String, List<String>> folder : links.entrySet()) {
            if (!other.links(folder.getKey()).equals(folder.getValue())) {
                return false;
            }
        }
        return true;
    }

    static String hash(Optional<byte[]> content) {
        return content.map(Sha256::hex).orElse("");
    }
}
