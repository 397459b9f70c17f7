package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Determines which names occur, as words, in the files of a folder and in the folders outside it that its
 * kustomizations refer to, such as the base of an overlay. If that cannot be decided, a name counts as mentioned.
 */
final class FolderMentions {
    private static final int MAX_FILES = 500;
    private static final Pattern OUTSIDE = Pattern.compile("(?<![\\w./-])\\.\\./[\\w./-]*");

    private final FileTree files;
    private final String folder;
    /** Cached, since each reconciliation of other applications looks up the same names. */
    private final Map<String, Boolean> answers = new ConcurrentHashMap<>();

    FolderMentions(FileTree files, String folder) {
        this.files = files;
        this.folder = folder;
    }

    boolean contain(String name) {
        return answers.computeIfAbsent(name, this::search);
    }

    /**
     * Whether the text contains the name as a word: {@code api} is neither in {@code apiVersion} nor in {@code
     * api-gateway}.
     */
    static boolean isMentionedIn(String text, String name) {
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

    private boolean search(String name) {
        Deque<String> waiting = new ArrayDeque<>(List.of(folder));
        Set<String> seen = new HashSet<>(waiting);
        int read = 0;
        try {
            while (!waiting.isEmpty()) {
                String next = waiting.remove();
                for (FileTree.Entry entry : files.list(next)) {
                    String path = TreePath.child(next, entry.name());
                    if (entry.folder()) {
                        enqueue(path, waiting, seen);
                        continue;
                    }
                    String text = files.read(path)
                            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                            .orElse("");
                    if (++read > MAX_FILES || isMentionedIn(text, name)) {
                        return true;
                    }
                    if (TreePath.KUSTOMIZATIONS.contains(entry.name())) {
                        enqueueReferences(next, text, waiting, seen);
                    }
                }
            }
            return false;
        } catch (IOException | UserErrorException e) {
            return true;
        }
    }

    private static void enqueueReferences(String from, String text, Deque<String> waiting, Set<String> seen) {
        Matcher references = OUTSIDE.matcher(text);
        while (references.find()) {
            Deque<String> segments = new ArrayDeque<>();
            for (String segment : (from + "/" + references.group()).split("/")) {
                if (segment.equals("..")) {
                    segments.pollLast();
                } else if (!segment.isEmpty() && !segment.equals(".")) {
                    segments.add(segment);
                }
            }
            enqueue(String.join("/", segments), waiting, seen);
        }
    }

    private static void enqueue(String path, Deque<String> waiting, Set<String> seen) {
        if (seen.add(path)) {
            waiting.add(path);
        }
    }
}
