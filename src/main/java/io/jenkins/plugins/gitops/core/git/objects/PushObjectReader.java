package io.jenkins.plugins.gitops.core.git.objects;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/** Shows only the folders that belong to unpushed commits; all others appear to be empty. */
public final class PushObjectReader extends OverlayObjectReader {
    private static final byte[] EMPTY_TREE = {};

    private final ObjectReader files;
    private final PendingObjects memory;
    private final UnpushedCommits commits;

    public PushObjectReader(ObjectReader files, PendingObjects memory, UnpushedCommits commits) {
        super(files, id -> find(id, memory, commits));
        this.files = files;
        this.memory = memory;
        this.commits = commits;
    }

    @CheckForNull
    private static PendingObjects.PendingObject find(AnyObjectId id, PendingObjects memory, UnpushedCommits commits) {
        PendingObjects.PendingObject found = commits.objects().find(id);
        return found == null ? memory.find(id) : found;
    }

    @Override
    public ObjectReader newReader() {
        return new PushObjectReader(files.newReader(), memory, commits);
    }

    @Override
    public ObjectLoader open(AnyObjectId id, int type) throws IOException {
        if (type != Constants.OBJ_TREE) {
            return super.open(id, type);
        }
        byte[] tree = commits.folders().contains(id) ? commits.trees().tree(id.toObjectId()) : EMPTY_TREE;
        return new ObjectLoader.SmallObject(type, tree);
    }
}
