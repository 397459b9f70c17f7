package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was read of a tree. The tree itself is not kept.
 *
 * @param files hash of each file, empty for one that was not there
 * @param folders what each folder held
 */
record Reads(Map<String, String> files, Map<String, List<FileTree.Entry>> folders) {
    Reads {
        files = Map.copyOf(files);
        folders = Map.copyOf(folders);
    }

    /** Whether another tree would be read alike. */
    boolean holdFor(FileTree other) throws IOException {
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                if (!hash(other.read(file.getKey())).equals(file.getValue())) {
                    return false;
                }
            }
        } catch (RefusedException e) {
            return false;
        }
        for (Map.Entry<String, List<FileTree.Entry>> folder : folders.entrySet()) {
            if (!other.list(folder.getKey()).equals(folder.getValue())) {
                return false;
            }
        }
        return true;
    }

    static String hash(Optional<byte[]> content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return content.map(bytes -> HexFormat.of().formatHex(digest.digest(bytes)))
                    .orElse("");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
