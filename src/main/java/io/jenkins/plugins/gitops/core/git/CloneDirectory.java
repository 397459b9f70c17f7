package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.remote.DefaultBranch;
import io.jenkins.plugins.gitops.core.git.remote.IsolatedRepository;
import io.jenkins.plugins.gitops.core.git.remote.RemoteErrorTranslator;
import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** The folder of one clone: locked by this process; contains a complete clone, or is recreated. */
final class CloneDirectory implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(CloneDirectory.class.getName());
    private static final int NAME_LENGTH = 40;
    private static final String LOCK = "lock";
    /** The modification time of this file is when the clone was last opened or closed. */
    private static final String USED = "used";

    private static final String REPOSITORY = "repository.git";
    private static final String FRESH = "fresh.git";

    private final Path folder;
    /** Null if the clone follows the default branch: HEAD contains the current one. */
    @CheckForNull
    private final String branchRef;

    private final DirectoryLock lock;

    private CloneDirectory(Path folder, @CheckForNull String branchRef, DirectoryLock lock) {
        this.folder = folder;
        this.branchRef = branchRef;
        this.lock = lock;
    }

    /**
     * @param branch null for the remote's default branch
     * @throws CloneInUseException when it is in use by this or another process
     * @throws UserErrorException when it cannot be written
     */
    static CloneDirectory lock(Path parent, String url, @CheckForNull String branch, String scope)
            throws UserErrorException {
        Path folder = parent.resolve(name(url, branch == null ? "" : branch, scope));
        DirectoryLock lock;
        try {
            Files.createDirectories(folder);
            lock = DirectoryLock.tryLock(folder.resolve(LOCK));
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        if (lock == null) {
            throw new CloneInUseException(folder);
        }
        try {
            noteUse(folder);
            return new CloneDirectory(folder, branch == null ? null : Constants.R_HEADS + branch, lock);
        } catch (IOException e) {
            lock.close();
            throw unusable(folder, e);
        }
    }

    private static UserErrorException unusable(Path folder, IOException e) {
        return new UserErrorException(
                        "The cache folder " + folder + " cannot be used: "
                                + RemoteErrorTranslator.oneLine(e.getMessage()),
                        "Check the permissions of the folder and the space on its disk")
                .causedBy(e);
    }

    /** Uses a separate file, since opening and closing the locked file would release the lock. */
    private static void noteUse(Path folder) throws IOException {
        Path used = folder.resolve(USED);
        try {
            Files.createFile(used);
        } catch (FileAlreadyExistsException e) {
            Files.setLastModifiedTime(used, FileTime.from(Instant.now()));
        }
    }

    /** Falls back to the time of the lock file for clones of earlier versions. */
    private static Instant lastUse(Path folder) throws IOException {
        Path used = folder.resolve(USED);
        return Files.getLastModifiedTime(Files.exists(used) ? used : folder.resolve(LOCK))
                .toInstant();
    }

    /**
     * Deletes the clones that have not been opened or closed since then; open clones are kept.
     *
     * @return number of deleted clones
     */
    static int deleteUnused(Path parent, Instant since) throws IOException {
        int deleted = 0;
        if (Files.isDirectory(parent)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, CloneDirectory::isClone)) {
                for (Path folder : folders) {
                    deleted += deleteUnusedClone(folder, since) ? 1 : 0;
                }
            }
        }
        return deleted;
    }

    private static boolean isClone(Path folder) {
        Path name = folder.getFileName();
        return name != null
                && name.toString().matches("[0-9a-f]{" + NAME_LENGTH + "}")
                && Files.isRegularFile(folder.resolve(LOCK));
    }

    /** Keeps the lock file, since another process may be about to lock it. */
    private static boolean deleteUnusedClone(Path folder, Instant since) throws IOException {
        if (!Files.exists(folder.resolve(REPOSITORY)) || !lastUse(folder).isBefore(since)) {
            return false;
        }
        try (DirectoryLock lock = DirectoryLock.tryLock(folder.resolve(LOCK))) {
            // Check again under the lock, since the clone may have been used in between.
            if (lock == null || !lastUse(folder).isBefore(since)) {
                return false;
            }
            delete(folder.resolve(REPOSITORY));
            delete(folder.resolve(FRESH));
            return true;
        }
    }

    private static String name(String url, String branch, String scope) {
        return Sha256.hex(url + "\0" + branch + "\0" + scope + "\0").substring(0, NAME_LENGTH);
    }

    private Path cloneDirectory() {
        return folder.resolve(REPOSITORY);
    }

    private Path freshPlace() {
        return folder.resolve(FRESH);
    }

    /** The clone; an empty one when there was none or it was corrupt. */
    IsolatedRepository open() throws IOException {
        Path place = cloneDirectory();
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            try {
                removeLeftovers(place);
                IsolatedRepository found = IsolatedRepository.open(place);
                if (isComplete(found)) {
                    return found;
                }
                found.close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "The clone cannot be opened", e);
            }
            LOGGER.log(Level.WARNING, "The clone in {0} is corrupt and will be recreated", place);
            delete(place);
        }
        return replace(fresh());
    }

    private boolean isComplete(IsolatedRepository repository) throws IOException {
        Ref head = repository.exactRef(Constants.HEAD);
        if (head == null || !head.isSymbolic() || !isOwn(head.getTarget().getName())) {
            return false;
        }
        ObjectId tip = head.getObjectId();
        if (tip != null) {
            parse(repository, tip);
        }
        return true;
    }

    private boolean isOwn(String ref) {
        return branchRef == null
                ? ref.equals(DefaultBranch.UNKNOWN_REF) || ref.startsWith(Constants.R_HEADS)
                : ref.equals(branchRef);
    }

    /**
     * Reads the stored tip from the disk again, bypassing JGit's caches. The pack that is stored next is
     * self-contained, so it would hide the corruption of a clone that has lost its objects.
     *
     * @throws IOException when the clone is corrupt
     */
    void requireReadableTip() throws IOException {
        try (IsolatedRepository stored = IsolatedRepository.open(cloneDirectory())) {
            if (!isComplete(stored)) {
                throw new IOException("The clone in " + cloneDirectory() + " is of another branch");
            }
        }
    }

    /** @throws IOException when the commit or its root folder cannot be read */
    static void parse(Repository repository, ObjectId commit) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            walk.parseTree(walk.parseCommit(commit).getTree());
        }
    }

    /** An empty repository next to the clone, to be filled and then moved to its place. */
    IsolatedRepository fresh() throws IOException {
        delete(freshPlace());
        return IsolatedRepository.create(freshPlace(), branchRef == null ? DefaultBranch.UNKNOWN_REF : branchRef);
    }

    /** Replaces the clone with a fresh repository; the clone must be closed. */
    IsolatedRepository replace(IsolatedRepository fresh) throws IOException {
        fresh.close();
        delete(cloneDirectory());
        Files.move(freshPlace(), cloneDirectory(), StandardCopyOption.ATOMIC_MOVE);
        return IsolatedRepository.open(cloneDirectory());
    }

    /**
     * Removes lock files and incomplete packs of a killed process. The folder is locked, so no other process is using
     * them.
     */
    private static void removeLeftovers(Path repository) throws IOException {
        Path objects = repository.resolve("objects");
        try (Stream<Path> top = Files.list(repository);
                Stream<Path> refs = Files.walk(repository.resolve("refs"));
                Stream<Path> loose = Files.list(objects);
                Stream<Path> packs = Files.list(objects.resolve("pack"))) {
            Stream<Path> locks =
                    Stream.concat(top, refs).filter(f -> f.toString().endsWith(".lock"));
            // Complete files have their own names below objects, or start with "pack-" or "multi-pack-".
            Stream<Path> halves =
                    Stream.concat(loose.filter(Files::isRegularFile), packs.filter(f -> !String.valueOf(f.getFileName())
                            .contains("pack-")));
            for (Path file : Stream.concat(locks, halves).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        try {
            noteUse(folder);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The use of a clone could not be recorded", e);
        }
        lock.close();
    }
}
