package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/** Shows the folders that belong to unpushed commits, all others as if they were empty. */
final class PushReader extends MemoryReader {
    private static final byte[] NOTHING = {};

    private final ObjectReader files;
    private final NewObjects memory;
    private final UnpushedCommits commits;

    PushReader(ObjectReader files, NewObjects memory, UnpushedCommits commits) {
        super(files, id -> find(id, memory, commits));
        this.files = files;
        this.memory = memory;
        this.commits = commits;
    }

    @CheckForNull
    private static NewObjects.NewObject find(AnyObjectId id, NewObjects memory, UnpushedCommits commits) {
        NewObjects.NewObject found = commits.objects().find(id);
        return found == null ? memory.find(id) : found;
    }

    @Override
    public ObjectReader newReader() {
        return new PushReader(files.newReader(), memory, commits);
    }

    @Override
    public ObjectLoader open(AnyObjectId id, int type) throws IOException {
        if (type != Constants.OBJ_TREE) {
            return super.open(id, type);
        }
        byte[] tree = commits.folders().contains(id) ? commits.trees().tree(id.toObjectId()) : NOTHING;
        return new ObjectLoader.SmallObject(type, tree);
    }
}
