package io.jenkins.plugins.gitops.core.render.source;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Converts paths in kustomizations to paths of the tree. */
public final class KustomizationPath {
    private KustomizationPath() {}

    /**
     * Resolves a path.
     *
     * @param folder the folder that the path is relative to
     * @return normalized; empty for the tree's root
     * @throws UserErrorException if the path is absolute, a URL, or leaves the tree
     */
    public static String resolve(String folder, String path, SourceLocation at) throws UserErrorException {
        if (path.isEmpty()) {
            throw new UserErrorException(at, "the path is empty", "Write the path of a file or folder");
        }
        if (isRemote(path)) {
            throw new UserErrorException(
                    at,
                    path + " is a URL, and rendering fetches nothing",
                    "Copy what it refers to into this repository");
        }
        if (path.startsWith("/")) {
            throw new UserErrorException(at, path + " is absolute", "Write it relative to this file's folder");
        }
        String normal = normal(folder + "/" + path);
        if (normal == null) {
            throw new OutsideTreeException(at, path + " leaves the repository", "Refer to something inside it");
        }
        return normal;
    }

    /**
     * Normalizes a path.
     *
     * @throws UserErrorException if the path leaves the tree
     */
    public static String normalize(String path) throws UserErrorException {
        String normal = normal(path);
        if (normal == null) {
            throw new OutsideTreeException(null, path + " leaves the repository", "Name a folder inside it");
        }
        return normal;
    }

    @CheckForNull
    private static String normal(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                if (segments.isEmpty()) {
                    return null;
                }
                segments.remove(segments.size() - 1);
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return String.join("/", segments);
    }

    /** Whether kustomize would fetch the path by HTTP or clone it with Git, even if a folder has the same name. */
    private static boolean isRemote(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("://")
                || lower.startsWith("git::")
                || lower.startsWith("github.com/")
                || lower.startsWith("github.com:")
                || path.matches("[^/]*@[^/]*:.*")
                || path.contains("?");
    }

    /** Whether a path is the folder or inside it. */
    public static boolean isIn(String path, String folder) {
        return folder.isEmpty() || path.equals(folder) || path.startsWith(folder + "/");
    }

    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
