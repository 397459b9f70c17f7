package io.jenkins.plugins.gitops.core.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files in memory; writes down what was listed and read. */
final class RecordingFileTree implements FileTree {
    final List<String> listed = new ArrayList<>();
    final List<String> read = new ArrayList<>();
    private final Map<String, byte[]> files = new HashMap<>();
    private final Map<String, TreeMap<String, Boolean>> folders = new HashMap<>();

    RecordingFileTree with(String path, String content) {
        files.put(path, content.getBytes(UTF_8));
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

    /** The example repository of the documentation. */
    static RecordingFileTree example() throws IOException {
        return example("config-repo");
    }

    /** Another one of the documentation's. */
    static RecordingFileTree example(String name) throws IOException {
        Path root = Path.of(System.getProperty("gitops.root", "."), "docs/examples", name);
        RecordingFileTree tree = new RecordingFileTree();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                tree.with(root.relativize(path).toString().replace('\\', '/'), Files.readString(path));
            }
        }
        return tree;
    }

    RecordingFileTree without(String path) {
        RecordingFileTree rest = new RecordingFileTree();
        files.forEach((file, content) -> {
            if (!file.equals(path)) {
                rest.with(file, new String(content, UTF_8));
            }
        });
        return rest;
    }

    @Override
    public Optional<byte[]> read(String path) {
        read.add(path);
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<Entry> list(String folder) {
        listed.add(folder);
        return folders.getOrDefault(folder, new TreeMap<>()).entrySet().stream()
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .toList();
    }
}
