package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ContentCache;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tree with its {@code gitops.yaml} replaced by that of another tree, or removed. */
public final class PolicyOverlay implements FileTree {
    private final FileTree tree;
    private final FileTree policy;
    private final TreeBranch branch;

    /**
     * @param policy the tree whose {@code gitops.yaml} counts
     * @param branch that the files are on
     */
    public PolicyOverlay(FileTree tree, FileTree policy, TreeBranch branch) {
        this.tree = tree;
        this.policy = policy;
        this.branch = branch;
    }

    /** @param policy content of {@code gitops.yaml}; null for none */
    public PolicyOverlay(FileTree tree, @CheckForNull byte[] policy) {
        this(tree, new PolicyContent(policy == null ? null : policy.clone()), tree.branch());
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, UserErrorException {
        return path.equals(Delivery.FILE) ? policy.read(path) : tree.read(path);
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        if (!folder.isEmpty()) {
            return tree.list(folder);
        }
        List<Entry> entries = new ArrayList<>(tree.list(folder));
        entries.removeIf(entry -> entry.name().equals(Delivery.FILE));
        policy.list(folder).stream()
                .filter(entry -> entry.name().equals(Delivery.FILE))
                .forEach(entries::add);
        return entries;
    }

    @Override
    public Optional<String> linkTarget(String path) throws IOException, UserErrorException {
        return path.equals(Delivery.FILE) ? policy.linkTarget(path) : tree.linkTarget(path);
    }

    @Override
    public List<String> links(String folder) throws IOException {
        return tree.links(folder);
    }

    @Override
    public Optional<String> contentId(String path) throws IOException, UserErrorException {
        return path.equals(Delivery.FILE) ? policy.contentId(path) : tree.contentId(path);
    }

    @Override
    @CheckForNull
    public ContentCache cache() {
        return tree.cache();
    }

    @Override
    public TreeBranch branch() {
        return branch;
    }

    /** A tree of this one file. */
    private record PolicyContent(@CheckForNull byte[] content) implements FileTree {
        @Override
        public Optional<byte[]> read(String path) {
            return Optional.ofNullable(content).map(byte[]::clone);
        }

        @Override
        public List<Entry> list(String folder) {
            return content == null ? List.of() : List.of(new Entry(Delivery.FILE, false));
        }

        @Override
        public Optional<String> contentId(String path) {
            return content == null ? Optional.empty() : Optional.of(Sha256.hex(content));
        }
    }
}
