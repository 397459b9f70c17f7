package io.jenkins.plugins.gitops.core.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Writes commits into a bare repository as other people and programs do: with any message, author and parents. */
final class ExternalCommits implements AutoCloseable {
    static final PersonIdent CAROL = new PersonIdent("Carol", "carol@example.com");
    static final PersonIdent DAVE = new PersonIdent("Dave", "dave@example.com");

    private final Repository repository;

    ExternalCommits(Path bare) throws IOException {
        repository =
                new FileRepositoryBuilder().setGitDir(bare.toFile()).setBare().build();
    }

    ObjectId tip() throws IOException {
        return repository.resolve(Constants.R_HEADS + "main");
    }

    /** Creates a commit that is not on a branch yet; a null file keeps all files of the first parent. */
    ObjectId commit(PersonIdent author, String message, String file, String content, ObjectId... parents)
            throws IOException {
        return commit(author, author, message, file, content, parents);
    }

    ObjectId commit(
            PersonIdent author, PersonIdent committer, String message, String file, String content, ObjectId... parents)
            throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter();
                RevWalk walk = new RevWalk(repository)) {
            ObjectId tree = walk.parseCommit(parents[0]).getTree();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(file == null ? tree : tree(inserter, tree, file, content));
            commit.setParentIds(List.of(parents));
            commit.setAuthor(author);
            commit.setCommitter(committer);
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    private ObjectId tree(ObjectInserter inserter, ObjectId base, String file, String content) throws IOException {
        DirCache files = DirCache.newInCore();
        DirCacheBuilder all = files.builder();
        try (ObjectReader reader = repository.newObjectReader()) {
            all.addTree(new byte[0], DirCacheEntry.STAGE_0, reader, base);
        }
        all.finish();
        DirCacheBuilder others = files.builder();
        for (int i = 0; i < files.getEntryCount(); i++) {
            if (!files.getEntry(i).getPathString().equals(file)) {
                others.add(files.getEntry(i));
            }
        }
        DirCacheEntry entry = new DirCacheEntry(file);
        entry.setFileMode(FileMode.REGULAR_FILE);
        entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, content.getBytes(UTF_8)));
        others.add(entry);
        others.finish();
        return files.writeTree(inserter);
    }

    /** Moves the branch to the commit. */
    void push(ObjectId commit) throws IOException {
        RefUpdate update = repository.updateRef(Constants.R_HEADS + "main");
        update.setNewObjectId(commit);
        update.setForceUpdate(true);
        update.update();
    }

    @Override
    public void close() {
        repository.close();
    }
}
