package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An exclusive lock on a file, against other processes and within this one. A process that closes any descriptor of a
 * file silently loses all its POSIX locks on that file. So while the lock is held, no code in this process may open the
 * file: neither to try to lock it again, nor to set its time.
 */
final class DirectoryLock implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(DirectoryLock.class.getName());
    /** Static, since POSIX locks belong to the process. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Locks a file without waiting.
     *
     * @param file created when it is missing; its folder must exist
     * @return null when it is locked by this or another process
     * @throws IOException when the file cannot be opened or locked
     */
    @CheckForNull
    static DirectoryLock tryLock(Path file) throws IOException {
        Path name = file.getFileName();
        Path parent = file.getParent();
        if (name == null || parent == null) {
            throw new IOException(file + " is not a file in a folder");
        }
        // The canonical path, so that links to the same file have the same key.
        Path key = parent.toRealPath().resolve(name);
        if (!HELD.add(key)) {
            return null;
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            locked = lock != null;
            return locked ? new DirectoryLock(key, channel) : null;
        } catch (OverlappingFileLockException e) {
            // A class loaded by another class loader of this JVM holds the lock.
            return null;
        } finally {
            if (!locked) {
                close(channel);
                HELD.remove(key);
            }
        }
    }

    @Override
    public void close() {
        close(channel);
        HELD.remove(file);
    }

    private static void close(@CheckForNull FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "A lock could not be closed", e);
        }
    }
}
