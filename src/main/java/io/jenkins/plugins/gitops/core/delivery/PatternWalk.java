package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One walk along one pattern. Folders whose names are determined by the pattern and the known values are not listed.
 */
final class PatternWalk {
    /** Called for each path that matches the whole pattern. */
    interface Visitor {
        /**
         * @param path of the folder, or of the file if only the file identifies the target
         * @param readings of the path, including the initially known values
         * @param listed whether the path exists according to a listing
         * @return true to stop
         */
        boolean visit(String path, List<Map<String, String>> readings, boolean listed) throws IOException;
    }

    private final FileTree tree;
    private final LayoutPattern pattern;
    private final PathReader reader;
    private final ListingLimit limit;
    private final boolean onlyUsable;
    private final Visitor visitor;

    /** @param onlyUsable whether to skip paths below which there can be no target */
    PatternWalk(
            FileTree tree,
            LayoutPattern pattern,
            PathReader reader,
            ListingLimit limit,
            boolean onlyUsable,
            Visitor visitor) {
        this.tree = tree;
        this.pattern = pattern;
        this.reader = reader;
        this.limit = limit;
        this.onlyUsable = onlyUsable;
        this.visitor = visitor;
    }

    /**
     * Visits the paths in the order of the tree.
     *
     * @param readings of the initially known values
     * @return whether the visitor stopped
     */
    boolean run(List<Map<String, String>> readings) throws IOException {
        return from(0, "", readings, true);
    }

    private boolean from(int at, String path, List<Map<String, String>> readings, boolean listed) throws IOException {
        List<Map<String, String>> rest = onlyUsable ? reader.usable(readings) : readings;
        if (rest.isEmpty() || limit.isReached()) {
            return false;
        }
        if (at == reader.segments()) {
            return limit.mayList() && visitor.visit(path, rest, listed);
        }
        Set<String> names = pattern.path().names(at, rest);
        if (names == null) {
            return list(at, path, rest);
        }
        for (String name : new TreeSet<>(names)) {
            // In a name such as x-.-y, the value of a placeholder is a dot, which is not a folder name.
            if (!name.equals(".")
                    && from(at + 1, TreePath.child(path, name), pattern.path().match(at, name, rest), false)) {
                return true;
            }
        }
        return false;
    }

    private boolean list(int at, String path, List<Map<String, String>> readings) throws IOException {
        if (!limit.mayList()) {
            return false;
        }
        boolean isFile = at == pattern.path().size() - 1 && pattern.path().hasFile();
        for (FileTree.Entry entry : tree.list(path)) {
            List<Map<String, String>> next =
                    entry.folder() == isFile ? List.of() : pattern.path().match(at, entry.name(), readings);
            if (!next.isEmpty() && from(at + 1, TreePath.child(path, entry.name()), next, true)) {
                return true;
            }
        }
        return false;
    }
}
