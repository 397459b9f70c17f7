package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/** Shows the folders that a group read or made, all others as if they were empty. */
final class PushReader extends MemoryReader {
    private static final byte[] NOTHING = {};

    private final ObjectReader files;
    private final NewObjects memory;
    private final Group group;

    PushReader(ObjectReader files, NewObjects memory, Group group) {
        super(files, id -> find(id, memory, group));
        this.files = files;
        this.memory = memory;
        this.group = group;
    }

    @CheckForNull
    private static NewObjects.NewObject find(AnyObjectId id, NewObjects memory, Group group) {
        NewObjects.NewObject found = group.made().find(id);
        return found == null ? memory.find(id) : found;
    }

    @Override
    public ObjectReader newReader() {
        return new PushReader(files.newReader(), memory, group);
    }

    @Override
    public ObjectLoader open(AnyObjectId id, int type) throws IOException {
        if (type != Constants.OBJ_TREE) {
            return super.open(id, type);
        }
        byte[] tree = group.folders().contains(id) ? group.trees().tree(id.toObjectId()) : NOTHING;
        return new ObjectLoader.SmallObject(type, tree);
    }
}
