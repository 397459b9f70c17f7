package io.jenkins.plugins.gitops.core.render.source;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of the local file system. The path of the folder itself may contain symbolic links; inside it, links are not
 * followed.
 */
public final class DirectoryTree implements FileTree {
    private static final Comparator<Entry> BYTE_ORDER =
            Comparator.comparing(entry -> entry.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final Path root;

    /** @throws IOException if there is no such folder */
    public DirectoryTree(Path root) throws IOException {
        this.root = root.toRealPath();
        if (!Files.isDirectory(this.root)) {
            throw new NotDirectoryException(root.toString());
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException, UserErrorException {
        Path file = inside(path);
        if (hasLink(file)) {
            throw new UserErrorException(
                    SourceLocation.of(path),
                    "this is a symbolic link, or is reached through one",
                    "Put the file itself there");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<Entry> list(String folder) throws IOException {
        Optional<Path> path = folder(folder);
        if (path.isEmpty()) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> children = Files.list(path.get())) {
            for (Path child : (Iterable<Path>) children::iterator) {
                boolean isFolder = Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS);
                if (isFolder || Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                    entries.add(new Entry(child.getFileName().toString(), isFolder));
                }
            }
        }
        entries.sort(BYTE_ORDER);
        return entries;
    }

    @Override
    public Optional<String> linkTarget(String path) throws IOException, UserErrorException {
        Path file = inside(path);
        if (file.equals(root) || hasLink(file.getParent()) || !Files.isSymbolicLink(file)) {
            return Optional.empty();
        }
        return Optional.of(Files.readSymbolicLink(file).toString().replace(File.separatorChar, '/'));
    }

    @Override
    public List<String> links(String folder) throws IOException {
        Optional<Path> path = folder(folder);
        if (path.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(path.get())) {
            return children.filter(Files::isSymbolicLink)
                    .map(child -> new Entry(child.getFileName().toString(), false))
                    .sorted(BYTE_ORDER)
                    .map(Entry::name)
                    .toList();
        }
    }

    private Optional<Path> folder(String folder) {
        try {
            return Optional.of(inside(folder))
                    .filter(path -> !hasLink(path) && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
        } catch (UserErrorException e) {
            return Optional.empty();
        }
    }

    private Path inside(String path) throws UserErrorException {
        try {
            Path file = root.resolve(path).normalize();
            if (file.startsWith(root)) {
                return file;
            }
            throw outside(path);
        } catch (InvalidPathException e) {
            throw outside(path).causedBy(e);
        }
    }

    private static UserErrorException outside(String path) {
        return new UserErrorException(path + " is not in the folder", "Refer to something inside it");
    }

    private boolean hasLink(Path path) {
        for (Path part = path; !part.equals(root); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                return true;
            }
        }
        return false;
    }
}
