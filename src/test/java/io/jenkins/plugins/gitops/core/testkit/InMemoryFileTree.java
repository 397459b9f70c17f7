package io.jenkins.plugins.gitops.core.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files in memory, with a record of listed folders and read files. */
public final class InMemoryFileTree implements FileTree {
    private final Map<String, byte[]> files = new HashMap<>();
    private final Map<String, TreeMap<String, Boolean>> folders = new HashMap<>();
    private final List<String> listed = Collections.synchronizedList(new ArrayList<>());
    private final List<String> read = Collections.synchronizedList(new ArrayList<>());
    private final boolean listable;

    public InMemoryFileTree() {
        this(true);
    }

    private InMemoryFileTree(boolean listable) {
        this.listable = listable;
    }

    /**
     * Returns a tree that fails the test when a folder is listed, since files named by a kustomization are read without
     * listing.
     */
    public static InMemoryFileTree withoutListing() {
        return new InMemoryFileTree(false);
    }

    /** Returns a tree with texts by path. */
    public static InMemoryFileTree of(Map<String, String> files) {
        InMemoryFileTree tree = new InMemoryFileTree();
        files.forEach(tree::with);
        return tree;
    }

    /** Returns an example repository of the documentation. */
    public static InMemoryFileTree example(String name) throws IOException {
        Path root = Path.of(System.getProperty("gitops.root", "."), "docs/examples", name);
        InMemoryFileTree tree = new InMemoryFileTree();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                tree.with(root.relativize(path).toString().replace('\\', '/'), Files.readString(path));
            }
        }
        return tree;
    }

    public InMemoryFileTree with(String path, String content) {
        return with(path, content.getBytes(UTF_8));
    }

    public InMemoryFileTree withLines(String path, String... lines) {
        return with(path, String.join("\n", lines) + "\n");
    }

    public InMemoryFileTree with(String path, byte[] content) {
        files.put(path, content);
        String child = path;
        boolean folder = false;
        while (!child.isEmpty()) {
            int slash = child.lastIndexOf('/');
            String parent = slash < 0 ? "" : child.substring(0, slash);
            folders.computeIfAbsent(parent, p -> new TreeMap<>()).put(child.substring(slash + 1), folder);
            child = parent;
            folder = true;
        }
        return this;
    }

    /** Returns a copy without a file, and without the record of accesses. */
    public InMemoryFileTree without(String path) {
        InMemoryFileTree rest = new InMemoryFileTree(listable);
        files.forEach((file, content) -> {
            if (!file.equals(path)) {
                rest.with(file, content);
            }
        });
        return rest;
    }

    /** Returns the folders that were listed, in order. */
    public List<String> listed() {
        return listed;
    }

    /** Returns the paths that were read, whether they exist or not, in order. */
    public List<String> read() {
        return read;
    }

    /** Returns how often a path was read. */
    public int reads(String path) {
        return Collections.frequency(read, path);
    }

    @Override
    public Optional<byte[]> read(String path) {
        read.add(path);
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<Entry> list(String folder) {
        if (!listable) {
            throw new UnsupportedOperationException("unexpected listing of " + folder);
        }
        listed.add(folder);
        return folders.getOrDefault(folder, new TreeMap<>()).entrySet().stream()
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .toList();
    }
}
