package io.jenkins.plugins.gitops.core.render.source;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Follows the symbolic links of a tree, only for rendering: files are never written through a link. */
public final class SymlinkResolver {
    /** Linux's limit for one path. */
    static final int MAX_LINKS = 40;

    private SymlinkResolver() {}

    /**
     * Resolves all symbolic links of a path, as in a checkout of the tree. The path need not exist.
     *
     * @param path normalized; empty for the root
     * @throws UserErrorException if a link is absolute or leaves the tree, or if there are too many links
     * @throws IOException if the tree cannot be read
     */
    public static String follow(FileTree tree, String path) throws UserErrorException, IOException {
        Deque<String> rest = new ArrayDeque<>(segments(path));
        List<String> real = new ArrayList<>();
        int links = 0;
        while (!rest.isEmpty()) {
            String segment = rest.pop();
            if (segment.equals("..")) {
                if (real.isEmpty()) {
                    throw leaves(path);
                }
                real.remove(real.size() - 1);
                continue;
            }
            real.add(segment);
            Optional<String> target = tree.linkTarget(String.join("/", real));
            if (target.isEmpty()) {
                continue;
            }
            if (++links > MAX_LINKS) {
                throw new UserErrorException(
                        SourceLocation.of(path),
                        "there are more than " + MAX_LINKS + " symbolic links along this path, or they form a loop",
                        "Point the link directly to the file or folder");
            }
            if (target.get().startsWith("/")) {
                throw leaves(path);
            }
            real.remove(real.size() - 1);
            List<String> next = segments(target.get());
            for (int i = next.size() - 1; i >= 0; i--) {
                rest.push(next.get(i));
            }
        }
        return String.join("/", real);
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/"))
                .filter(segment -> !segment.isEmpty() && !segment.equals("."))
                .toList();
    }

    private static UserErrorException leaves(String path) {
        return new OutsideTreeException(
                SourceLocation.of(path),
                "a symbolic link along this path is absolute or leaves the repository",
                "Use a relative link to a file or folder in the repository");
    }
}
