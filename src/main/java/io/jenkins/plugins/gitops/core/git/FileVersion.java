package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.objects.PendingObjects;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** A commit that changed one file. The content is read lazily. */
public final class FileVersion {
    private final CommitInfo commit;
    private final ObjectId blob;
    private final Reader reader;
    private final int age;
    private final boolean created;

    /**
     * @param blob zero when the commit removed the file
     * @param age as {@link #age}
     * @param created as {@link #created}
     */
    FileVersion(CommitInfo commit, ObjectId blob, Reader reader, int age, boolean created) {
        this.commit = commit;
        this.blob = blob;
        this.reader = reader;
        this.age = age;
        this.created = created;
    }

    /** Reads the content of files. */
    interface Reader {
        long size(ObjectId blob) throws IOException;

        /** Null when it is too large. */
        @CheckForNull
        byte[] read(ObjectId blob) throws IOException;
    }

    /** A version whose content is in memory; null if the commit removed the file. */
    static FileVersion of(CommitInfo commit, @CheckForNull byte[] content, int age, boolean created) {
        ObjectId blob = content == null ? ObjectId.zeroId() : PendingObjects.idFor(Constants.OBJ_BLOB, content);
        return new FileVersion(commit, blob, new InMemory(content), age, created);
    }

    private record InMemory(@CheckForNull byte[] content) implements Reader {
        @Override
        public long size(ObjectId blob) {
            return content == null ? 0 : content.length;
        }

        @Override
        @CheckForNull
        public byte[] read(ObjectId blob) {
            return content;
        }
    }

    /** The commit. */
    public CommitInfo commit() {
        return commit;
    }

    /**
     * Number of newer commits on the branch; negative for commits that are not pushed yet. Orders the versions of one
     * log.
     */
    int age() {
        return age;
    }

    /**
     * Whether the file did not exist before this commit. If this is false for the oldest version of a log, the search
     * ended before the beginning of the file.
     */
    public boolean created() {
        return created;
    }

    /** Whether the file exists after this commit; false when the commit removed it. */
    public boolean exists() {
        return !blob.equals(ObjectId.zeroId());
    }

    /**
     * Size of the file in bytes, without reading it; 0 when the commit removed it.
     *
     * @throws IOException when the clone cannot be read
     */
    public long size() throws IOException {
        return exists() ? reader.size(blob) : 0;
    }

    /** As {@link io.jenkins.plugins.gitops.core.model.FileTree#contentId}. */
    public Optional<String> contentId() {
        return exists() ? Optional.of(blob.name()) : Optional.empty();
    }

    /**
     * The content of the file after this commit; empty when the commit removed it, or it is too large.
     *
     * @throws IOException when the clone cannot be read
     */
    public Optional<byte[]> content() throws IOException {
        return exists() ? Optional.ofNullable(reader.read(blob)) : Optional.empty();
    }
}
