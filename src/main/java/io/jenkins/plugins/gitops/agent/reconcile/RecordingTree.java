package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Notes what is read of a tree, so that it can be told whether another revision would be read alike. */
final class RecordingTree implements FileTree {
    private final FileTree tree;
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, List<Entry>> folders = new HashMap<>();

    RecordingTree(FileTree tree) {
        this.tree = tree;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, RefusedException {
        Optional<byte[]> content = tree.read(path);
        files.put(path, Reads.hash(content));
        return content;
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        List<Entry> entries = tree.list(folder);
        folders.put(folder, List.copyOf(entries));
        return entries;
    }

    /** What was read so far. */
    Reads reads() {
        return new Reads(files, folders);
    }
}
