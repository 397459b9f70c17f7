package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.FileTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Files that a test writes down, and how often each was read. */
public final class InMemoryFileTree implements FileTree {
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Integer> reads = new TreeMap<>();

    public InMemoryFileTree with(String path, String... lines) {
        return with(path, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    InMemoryFileTree with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    int reads(String path) {
        return reads.getOrDefault(path, 0);
    }

    @Override
    public Optional<byte[]> read(String path) {
        reads.merge(path, 1, Integer::sum);
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<Entry> list(String folder) {
        throw new UnsupportedOperationException("rendering lists no folders");
    }
}
