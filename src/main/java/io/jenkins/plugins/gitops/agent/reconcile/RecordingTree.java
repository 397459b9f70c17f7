package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Notes what is read of a tree, so that it can be told whether another revision would be read alike. */
final class RecordingTree implements FileTree {
    private final FileTree tree;
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, List<Entry>> folders = new HashMap<>();
    private boolean refused;

    RecordingTree(FileTree tree) {
        this.tree = tree;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, RefusedException {
        try {
            Optional<byte[]> content = tree.read(path);
            files.put(path, hash(content));
            return content;
        } catch (RefusedException e) {
            refused = true;
            throw e;
        }
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        List<Entry> entries = tree.list(folder);
        folders.put(folder, entries);
        return entries;
    }

    /** Whether everything that was read stands in the other tree too. */
    boolean readsAlike(FileTree other) throws IOException {
        if (refused) {
            return false;
        }
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                if (!hash(other.read(file.getKey())).equals(file.getValue())) {
                    return false;
                }
            }
        } catch (RefusedException e) {
            return false;
        }
        for (Map.Entry<String, List<Entry>> folder : folders.entrySet()) {
            if (!other.list(folder.getKey()).equals(folder.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static String hash(Optional<byte[]> content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return content.map(bytes -> HexFormat.of().formatHex(digest.digest(bytes)))
                    .orElse("");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
