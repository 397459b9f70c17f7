package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records what is read from a tree, to determine whether the inputs are the same at another revision. */
final class RecordingTree implements FileTree {
    private final FileTree tree;
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, List<Entry>> folders = new HashMap<>();
    private final Map<String, String> linkTargets = new HashMap<>();
    private final Map<String, List<String>> links = new HashMap<>();

    RecordingTree(FileTree tree) {
        this.tree = tree;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, UserErrorException {
        Optional<byte[]> content = tree.read(path);
        files.put(path, ReadInputs.hash(content));
        return content;
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        List<Entry> entries = tree.list(folder);
        folders.put(folder, List.copyOf(entries));
        return entries;
    }

    @Override
    public Optional<String> linkTarget(String path) throws IOException, UserErrorException {
        Optional<String> target = tree.linkTarget(path);
        // If there is no link, the file or folder read at the path is recorded anyway, and reading rejects links.
        target.ifPresent(found -> linkTargets.put(path, found));
        return target;
    }

    @Override
    public List<String> links(String folder) throws IOException {
        List<String> names = tree.links(folder);
        links.put(folder, names);
        return names;
    }

    /** Everything read so far. */
    ReadInputs reads() {
        return new ReadInputs(files, folders, linkTargets, links);
    }
}
