package io.jenkins.plugins.gitops.core.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A bare repository with several branches, with commits as people push them. */
public final class BranchedRepository {
    private final Path bare;

    private BranchedRepository(Path bare) {
        this.bare = bare;
    }

    /** Creates an empty repository whose default branch is main. */
    public static BranchedRepository create(Path bare) throws IOException {
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(bare.toFile()).setBare().build()) {
            repository.create(true);
            repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + "main");
        }
        return new BranchedRepository(bare);
    }

    public Path path() {
        return bare;
    }

    private Repository open() throws IOException {
        return new FileRepositoryBuilder().setGitDir(bare.toFile()).build();
    }

    /**
     * Commits files to a branch, which is created if missing.
     *
     * @param author name of the author, who is also the committer
     * @param files texts by path; other files are kept
     * @return the commit
     */
    public String commit(String branch, String author, Map<String, String> files) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository);
                ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId tip = repository.resolve(Constants.R_HEADS + branch);
            RevCommit parent = tip == null ? null : walk.parseCommit(tip);
            DirCache index = DirCache.newInCore();
            if (parent != null) {
                DirCacheBuilder present = index.builder();
                present.addTree(new byte[0], DirCacheEntry.STAGE_0, repository.newObjectReader(), parent.getTree());
                present.finish();
            }
            DirCacheEditor editor = index.editor();
            for (Map.Entry<String, String> file : files.entrySet()) {
                ObjectId blob =
                        inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8));
                editor.add(new DirCacheEditor.PathEdit(file.getKey()) {
                    @Override
                    public void apply(DirCacheEntry entry) {
                        entry.setFileMode(FileMode.REGULAR_FILE);
                        entry.setObjectId(blob);
                    }
                });
            }
            editor.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            if (parent != null) {
                commit.setParentId(parent);
            }
            commit.setAuthor(new PersonIdent(author, author + "@example.com"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("Change by " + author);
            ObjectId made = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
            update.setNewObjectId(made);
            update.forceUpdate();
            return made.name();
        }
    }

    /** Deletes a branch. */
    public void delete(String branch) throws IOException {
        try (Repository repository = open()) {
            RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
            update.setForceUpdate(true);
            update.delete();
        }
    }

    /** Returns the newest commit of a branch, 40 hex digits. */
    public String tip(String branch) throws IOException {
        try (Repository repository = open()) {
            return repository.resolve(Constants.R_HEADS + branch).name();
        }
    }

    /** Whether the branch exists. */
    public boolean has(String branch) throws IOException {
        try (Repository repository = open()) {
            return repository.resolve(Constants.R_HEADS + branch) != null;
        }
    }

    /** Returns the text of a file in the newest commit of a branch. */
    public String text(String branch, String path) throws IOException {
        try (Repository repository = open()) {
            ObjectId blob = repository.resolve(Constants.R_HEADS + branch + ":" + path);
            return new String(repository.open(blob).getBytes(), StandardCharsets.UTF_8);
        }
    }
}
