package io.jenkins.plugins.gitops.core.git.objects;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.ObjectChecker;

/** Paths inside the config repository. */
public final class RepositoryPath {
    private static final Set<String> FOR_GIT = Set.of(".gitmodules", ".gitattributes", ".gitignore");

    /**
     * Maximum path length that Git can check out on Linux. Longer paths are not searched, so that no walk exhausts the
     * stack or the memory.
     */
    public static final int MAX_LENGTH = 4096;
    /** Maximum number of nested folders. */
    public static final int MAX_DEPTH = 256;

    private RepositoryPath() {}

    /** The names along a path, with {@code .} and {@code ..} resolved; empty when it leaves the root or is too long. */
    public static Optional<List<byte[]>> resolve(String path) {
        if (path.startsWith("/") || path.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        List<byte[]> names = new ArrayList<>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                if (names.isEmpty()) {
                    return Optional.empty();
                }
                names.remove(names.size() - 1);
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        return names.size() > MAX_DEPTH ? Optional.empty() : Optional.of(names);
    }

    /** @throws UserErrorException when the path leaves the root or is too long */
    static List<byte[]> existing(String path) throws UserErrorException {
        requireShort(path);
        return resolve(path)
                .orElseThrow(() -> new UserErrorException(
                        "The path \"" + path + "\" leaves the repository", "Give a path relative to its root"));
    }

    /**
     * @throws UserErrorException when Git could not check out a file of that name on some operating system, or the file
     *     would change how Git handles other files
     */
    static List<byte[]> writable(String path) throws UserErrorException {
        requireShort(path);
        try {
            new ObjectChecker().setSafeForMacOS(true).setSafeForWindows(true).checkPath(path);
        } catch (CorruptObjectException e) {
            throw new UserErrorException("\"" + path + "\" cannot be written", "Give a plain relative path")
                    .causedBy(e);
        }
        for (String name : path.split("/")) {
            if (FOR_GIT.contains(name.toLowerCase(Locale.ROOT))) {
                throw new UserErrorException(
                        "\"" + path + "\" cannot be written: " + name + " is reserved for Git",
                        "Change it in Git manually");
            }
        }
        return Arrays.stream(path.split("/"))
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static void requireShort(String path) throws UserErrorException {
        boolean tooLong =
                path.length() > MAX_LENGTH || path.chars().filter(c -> c == '/').count() >= MAX_DEPTH;
        if (tooLong) {
            throw new UserErrorException(
                    "The path \"" + path + "\" is longer than " + MAX_LENGTH + " characters or " + MAX_DEPTH
                            + " folders",
                    "Give a shorter path");
        }
    }

    public static String name(byte[] raw) {
        return new String(raw, StandardCharsets.UTF_8);
    }
}
