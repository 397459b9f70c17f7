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
 * An exclusive lock on a file, against other processes and within this one. A process that closes any descriptor of a file
 * loses all its POSIX locks on it, silently. So while the lock is held, nothing in this process may open the file: not to
 * try the lock a second time, and not to set its time.
 */
final class DirectoryLock implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(DirectoryLock.class.getName());
    /** POSIX locks belong to the process, so what keeps it from losing them does, too. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Does not wait.
     *
     * @param file created when it is missing; its folder must exist
     * @return null when it is held, here or by another process
     * @throws IOException when the file cannot be opened or locked
     */
    @CheckForNull
    static DirectoryLock tryLock(Path file) throws IOException {
        Path name = file.getFileName();
        Path parent = file.getParent();
        if (name == null || parent == null) {
            throw new IOException(file + " is not a file in a folder");
        }
        // One name for one file, whatever links lead there.
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
            // Another class loader of this JVM holds it.
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
