package io.jenkins.plugins.gitops.agent.cli;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;

/**
 * A local file that is replaced as a whole: readers see the old or the new content, also after a crash.
 *
 * @param path the file itself, not a symbolic link to it
 */
record AtomicFileEdit(Path path, byte[] content) {
    /** @throws UserErrorException if there is no such file, or it cannot be read */
    static AtomicFileEdit read(Path path) throws UserErrorException {
        try {
            Path file = path.toRealPath();
            if (!Files.isRegularFile(file)) {
                throw new UserErrorException(path + " is not a file", "Name a file");
            }
            return new AtomicFileEdit(file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UserErrorException(path + " cannot be read: " + reason(e), "Name a file that can be read")
                    .causedBy(e);
        }
    }

    /**
     * Replaces the content; owner and permissions are kept.
     *
     * @return false if the file already has this content, and is not written
     * @throws UserErrorException if the file or its folder cannot be written; the file is then unchanged
     */
    boolean write(byte[] edited) throws UserErrorException {
        if (Arrays.equals(content, edited)) {
            return false;
        }
        try {
            Path written = Files.createTempFile(path.toAbsolutePath().getParent(), ".gitops-", ".tmp");
            try {
                write(written, edited);
                copyAttributes(written);
                Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            throw new UserErrorException(
                            path + " cannot be written: " + reason(e),
                            "Check the permissions of the file and its folder, and the space on the disk")
                    .causedBy(e);
        }
        return true;
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private void copyAttributes(Path written) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(written, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes old = Files.readAttributes(path, PosixFileAttributes.class);
        PosixFileAttributes now = view.readAttributes();
        if (!old.group().equals(now.group())) {
            view.setGroup(old.group());
        }
        if (!old.owner().equals(now.owner())) {
            view.setOwner(old.owner());
        }
        view.setPermissions(old.permissions());
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName().replace("Exception", "") : reason;
    }
}
