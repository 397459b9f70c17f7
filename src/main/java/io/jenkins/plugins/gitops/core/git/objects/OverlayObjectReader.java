package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/** Reads objects from memory first, then from the clone's files. */
public class OverlayObjectReader extends ObjectReader {
    private final ObjectReader files;
    private final ObjectOverlay objectOverlay;

    /** The objects in memory. */
    public interface ObjectOverlay {
        /** Null when it is not in memory. */
        @CheckForNull
        PendingObjects.PendingObject find(AnyObjectId id);
    }

    public OverlayObjectReader(ObjectReader files, ObjectOverlay objectOverlay) {
        this.files = files;
        this.objectOverlay = objectOverlay;
    }

    @Override
    public ObjectReader newReader() {
        return new OverlayObjectReader(files.newReader(), objectOverlay);
    }

    @Override
    public Collection<ObjectId> resolve(AbbreviatedObjectId id) throws IOException {
        return files.resolve(id);
    }

    @Override
    public boolean has(AnyObjectId id, int type) throws IOException {
        PendingObjects.PendingObject found = objectOverlay.find(id);
        return found == null ? files.has(id, type) : fits(found, type);
    }

    private static boolean fits(PendingObjects.PendingObject found, int type) {
        return type == OBJ_ANY || type == found.type();
    }

    @Override
    public ObjectLoader open(AnyObjectId id, int type) throws IOException {
        PendingObjects.PendingObject found = objectOverlay.find(id);
        if (found == null) {
            return files.open(id, type);
        }
        if (!fits(found, type)) {
            throw new IncorrectObjectTypeException(found.id(), type);
        }
        return new ObjectLoader.SmallObject(found.type(), found.bytes());
    }

    @Override
    public Set<ObjectId> getShallowCommits() throws IOException {
        return files.getShallowCommits();
    }

    @Override
    public void close() {
        files.close();
    }
}
