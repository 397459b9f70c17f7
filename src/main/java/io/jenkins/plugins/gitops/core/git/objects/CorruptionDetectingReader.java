package io.jenkins.plugins.gitops.core.git.objects;

import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Reads objects, and reports a truncated one as corrupt: JGit only reports that a stream ended, as for a lost
 * connection.
 */
public class CorruptionDetectingReader extends ObjectReader.Filter {
    private final ObjectReader files;

    public CorruptionDetectingReader(ObjectReader files) {
        this.files = files;
    }

    @Override
    protected ObjectReader delegate() {
        return files;
    }

    @Override
    public ObjectLoader open(AnyObjectId id) throws IOException {
        return open(id, OBJ_ANY);
    }

    @Override
    public ObjectLoader open(AnyObjectId id, int type) throws IOException {
        try {
            return files.open(id, type);
        } catch (EOFException | ZipException e) {
            CorruptObjectException corrupt = new CorruptObjectException(id.copy(), "it ends too early");
            corrupt.initCause(e);
            throw corrupt;
        }
    }
}
