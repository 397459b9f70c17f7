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
    /** Null until it is asked for. */
    private volatile String unreadableText;

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
        return path == null ? isNamed(id) : mentioned.computeIfAbsent(id.name(), name -> isMentioned(path, name));
    }

    private boolean isNamed(ObjectId id) {
        try {
            String text = unreadableText();
            return names(text, id.name()) || id.namespace() != null && names(text, id.namespace());
        } catch (IOException | RefusedException e) {
            return true;
        }
    }

    /** The text of a manifest that is not YAML; empty for one that is, or that is not there. */
    private String unreadableText() throws IOException, RefusedException {
        if (unreadableText == null) {
            byte[] content = files.read(source.file()).orElse(new byte[0]);
            unreadableText = isYaml(content) ? "" : new String(content, StandardCharsets.UTF_8);
        }
        return unreadableText;
    }

    private boolean isYaml(byte[] content) {
        try {
            YamlText.parse(source.file(), content).documents();
            return true;
        } catch (RefusedException e) {
            return false;
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
                .map(bytes -> names(new String(bytes, StandardCharsets.UTF_8), name))
                .orElse(false);
    }

    /** As a word: a Deployment called api is not named by the text {@code apiVersion}, nor by {@code api-gateway}. */
    private static boolean names(String text, String name) {
        for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
            int end = at + name.length();
            if ((at == 0 || !isPartOfWord(text.charAt(at - 1)))
                    && (end == text.length() || !isPartOfWord(text.charAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPartOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '_';
    }
}
