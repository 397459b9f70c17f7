package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tree with its {@code gitops.yaml} replaced or removed. */
public final class PolicyOverlay implements FileTree {
    private final FileTree tree;

    @CheckForNull
    private final byte[] policy;

    /** @param policy content of {@code gitops.yaml}; null for none */
    public PolicyOverlay(FileTree tree, @CheckForNull byte[] policy) {
        this.tree = tree;
        this.policy = policy == null ? null : policy.clone();
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, UserErrorException {
        return path.equals(Delivery.FILE) ? Optional.ofNullable(policy).map(byte[]::clone) : tree.read(path);
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        if (!folder.isEmpty()) {
            return tree.list(folder);
        }
        List<Entry> entries = new ArrayList<>(tree.list(folder));
        entries.removeIf(entry -> entry.name().equals(Delivery.FILE));
        if (policy != null) {
            entries.add(new Entry(Delivery.FILE, false));
        }
        return entries;
    }

    @Override
    public Optional<String> linkTarget(String path) throws IOException, UserErrorException {
        return path.equals(Delivery.FILE) ? Optional.empty() : tree.linkTarget(path);
    }

    @Override
    public List<String> links(String folder) throws IOException {
        return tree.links(folder);
    }

    @Override
    public Optional<String> contentId(String path) throws IOException, UserErrorException {
        if (!path.equals(Delivery.FILE)) {
            return tree.contentId(path);
        }
        return policy == null ? Optional.empty() : Optional.of(Sha256.hex(policy));
    }

    @Override
    @CheckForNull
    public ContentCache cache() {
        return tree.cache();
    }
}
