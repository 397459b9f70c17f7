package io.jenkins.plugins.gitops.testkit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.dircache.DirCache;
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
import org.eclipse.jgit.treewalk.TreeWalk;

/** A config repository on a {@link GitServerRule}; tests read it, and commit to its branch as other people do. */
public final class ServedConfigRepository {
    private static final String BRANCH = Constants.R_HEADS + ExampleRepository.BRANCH;

    private final Path folder;
    private final String url;

    ServedConfigRepository(Path folder, String url) {
        this.folder = folder;
        this.url = url;
    }

    /** Returns the folder of a target of the example, such as {@code payments-api/dev}. */
    public static String path(String target) {
        return "services/" + target.replace("/", "/overlays/");
    }

    /** Returns the file that sets the image of a target of the example. */
    public static String imageFile(String target) {
        return path(target) + "/image-tag.yaml";
    }

    public String url() {
        return url;
    }

    /** Returns the bare repository. */
    public Path folder() {
        return folder;
    }

    private Repository open() throws IOException {
        return new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
    }

    /** Returns the newest commit of the branch. */
    public String tip() throws IOException {
        try (Repository repository = open()) {
            return repository.resolve(BRANCH).name();
        }
    }

    /** Returns all commits of the branch, newest first. */
    public List<RevCommit> commits() throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(repository.resolve(BRANCH)));
            List<RevCommit> commits = new ArrayList<>();
            for (RevCommit commit : walk) {
                walk.parseBody(commit);
                commits.add(commit);
            }
            return commits;
        }
    }

    public Trailers trailers(String revision) throws IOException {
        for (RevCommit commit : commits()) {
            if (commit.name().equals(revision)) {
                return Trailers.parse(commit.getFullMessage());
            }
        }
        throw new IOException("no commit " + revision);
    }

    /** Returns the content of a file at the tip. */
    public String read(String file) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository)) {
            RevCommit tip = walk.parseCommit(repository.resolve(BRANCH));
            try (TreeWalk found = TreeWalk.forPath(repository, file, tip.getTree())) {
                return new String(repository.open(found.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    /**
     * Commits a file.
     *
     * @return the new tip
     */
    public String write(String file, String content, String message) throws IOException {
        return commit(Map.of(file, content), carol(), message);
    }

    /**
     * Commits a file in which a text is replaced.
     *
     * @return the new tip
     */
    public String replace(String file, String from, String to, String message) throws IOException {
        return write(file, read(file).replace(from, to), message);
    }

    /**
     * Commits a {@code gitops.yaml} for the targets of the example that are in {@code services}.
     *
     * @param environments the entries of its list of environments
     */
    public void writePolicy(String environments) throws IOException {
        write(
                "gitops.yaml",
                "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n"
                        + "applications:\n- path: services/{app}/overlays/{env}\nenvironments:\n" + environments,
                "Change the policy");
    }

    /** Commits the deletion of a file. */
    public void remove(String file, String message) throws IOException {
        commit(Collections.singletonMap(file, null), carol(), message);
    }

    private static PersonIdent carol() {
        return new PersonIdent("Carol", "carol@example.com");
    }

    /** Moves the branch as a forced push does. */
    public void reset(String revision) throws IOException {
        try (Repository repository = open()) {
            RefUpdate update = repository.updateRef(BRANCH);
            update.setNewObjectId(ObjectId.fromString(revision));
            update.setForceUpdate(true);
            update.update();
        }
    }

    /** Makes another branch the default branch. */
    public void setDefaultBranch(String branch) throws IOException {
        try (Repository repository = open()) {
            repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + branch);
        }
    }

    /** The newest commit of another branch. */
    public String tip(String branch) throws IOException {
        try (Repository repository = open()) {
            return repository.resolve(Constants.R_HEADS + branch).name();
        }
    }

    /** Creates another branch, or adds commits to it. */
    public void branch(String branch, String revision) throws IOException {
        try (Repository repository = open()) {
            RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
            update.setNewObjectId(ObjectId.fromString(revision));
            update.update();
        }
    }

    /**
     * Commits several files at once.
     *
     * @param files path to content; null deletes the file
     * @param author also the committer
     * @return the new tip
     */
    public String commit(Map<String, String> files, PersonIdent author, String message) throws IOException {
        try (Repository repository = open();
                RevWalk walk = new RevWalk(repository);
                ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId tip = repository.resolve(BRANCH);
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(tree(repository, tip == null ? null : walk.parseCommit(tip), files, inserter));
            if (tip != null) {
                commit.setParentId(tip);
            }
            commit.setAuthor(author);
            commit.setCommitter(author);
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef(BRANCH);
            update.setNewObjectId(id);
            RefUpdate.Result result = update.update();
            if (result != RefUpdate.Result.FAST_FORWARD && result != RefUpdate.Result.NEW) {
                throw new IOException(BRANCH + " was not updated: " + result);
            }
            return id.name();
        }
    }

    private static ObjectId tree(
            Repository repository, @CheckForNull RevCommit tip, Map<String, String> files, ObjectInserter inserter)
            throws IOException {
        DirCache index =
                tip == null ? DirCache.newInCore() : DirCache.read(repository.newObjectReader(), tip.getTree());
        DirCacheEditor editor = index.editor();
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (file.getValue() == null) {
                editor.add(new DirCacheEditor.DeletePath(file.getKey()));
                continue;
            }
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8));
            editor.add(new DirCacheEditor.PathEdit(file.getKey()) {
                @Override
                public void apply(DirCacheEntry entry) {
                    entry.setFileMode(FileMode.REGULAR_FILE);
                    entry.setObjectId(blob);
                }
            });
        }
        editor.finish();
        return index.writeTree(inserter);
    }
}
