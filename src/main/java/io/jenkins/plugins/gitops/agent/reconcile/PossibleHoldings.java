package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ApplicationSource;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What an application that cannot be rendered may hold: everything in its namespace, and what a file of its folder names. Of a
 * manifest that is not YAML only the text is known: it may hold what its text names, or what lies in a namespace that its text
 * names. More would let one broken file stop all pruning. What cannot be decided counts as held.
 */
final class PossibleHoldings implements Predicate<ObjectId> {
    private static final int MAX_FILES = 500;

    private final ApplicationSource source;
    private final FileTree files;
    /** Answers for names, since they are asked for in each pass of other applications. */
    private final Map<String, Boolean> mentioned = new ConcurrentHashMap<>();

    PossibleHoldings(ApplicationSource source, FileTree files) {
        this.source = source;
        this.files = files;
    }

    @Override
    public boolean test(ObjectId id) {
        if (source.spec() != null && source.spec().namespace().equals(id.namespace())) {
            return true;
        }
        String path = source.path();
        return path == null
                ? isNamed(id.name()) || id.namespace() != null && isNamed(id.namespace())
                : mentioned.computeIfAbsent(id.name(), name -> isMentioned(path, name));
    }

    private boolean isNamed(String name) {
        return mentioned.computeIfAbsent(name, any -> {
            try {
                return contains(source.file(), name) && isUnreadable();
            } catch (IOException | RefusedException e) {
                return true;
            }
        });
    }

    private boolean isUnreadable() throws IOException {
        try {
            Optional<byte[]> content = files.read(source.file());
            if (content.isPresent()) {
                YamlText.parse(source.file(), content.get()).documents();
            }
            return false;
        } catch (RefusedException e) {
            return true;
        }
    }

    private boolean isMentioned(String folder, String name) {
        Deque<String> folders = new ArrayDeque<>();
        folders.add(folder);
        int read = 0;
        try {
            while (!folders.isEmpty()) {
                String next = folders.remove();
                for (FileTree.Entry entry : files.list(next)) {
                    String path = next.isEmpty() ? entry.name() : next + "/" + entry.name();
                    if (entry.folder()) {
                        folders.add(path);
                    } else if (++read > MAX_FILES || contains(path, name)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException | RefusedException e) {
            return true;
        }
    }

    private boolean contains(String path, String name) throws IOException, RefusedException {
        return files.read(path)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).contains(name))
                .orElse(false);
    }
}
