package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tree in which some files have another content. It remembers nothing of what is made of contents.
 *
 * @param edited by path; files that the tree has
 */
record EditedFileTree(FileTree tree, Map<String, byte[]> edited) implements FileTree {
    EditedFileTree {
        edited = Map.copyOf(edited);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, UserErrorException {
        byte[] content = edited.get(path);
        return content == null ? tree.read(path) : Optional.of(content.clone());
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        return tree.list(folder);
    }

    @Override
    public Optional<String> linkTarget(String path) throws IOException, UserErrorException {
        return tree.linkTarget(path);
    }

    @Override
    public List<String> links(String folder) throws IOException {
        return tree.links(folder);
    }
}
