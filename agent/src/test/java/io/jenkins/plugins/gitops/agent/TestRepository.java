package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** A config repository on a Git server, with commits by other authors. */
public final class TestRepository implements AutoCloseable {
    private static final String NAME = "gitops-platform.git";
    private static final String REF = Constants.R_HEADS + ExampleRepository.BRANCH;

    private final Path folder;
    private final Repository repository;
    private GitHttpServer server;

    private TestRepository(Path folder) throws IOException {
        this.folder = folder;
        this.repository = new FileRepository(folder.resolve(NAME).toFile());
        this.server = GitHttpServer.start(folder, null, null, 0);
    }

    /** The example of the documentation, in an existing folder. */
    static TestRepository example(Path folder) throws IOException {
        ExampleRepository.create(folder.resolve(NAME));
        return new TestRepository(folder);
    }

    /** A repository with these files, by path, in an existing folder. */
    public static TestRepository of(Path folder, Map<String, String> files) throws IOException {
        ExampleRepository.create(folder.resolve(NAME), Files.createDirectory(folder.resolve("nothing")));
        TestRepository created = new TestRepository(folder);
        created.commit(files);
        return created;
    }

    /** Renames the branch, as on a Git host: it is the default branch under its new name, too. */
    void renameBranch(String name) throws IOException {
        repository.renameRef(REF, Constants.R_HEADS + name).rename();
        RefUpdate head = repository.updateRef(Constants.HEAD);
        head.link(Constants.R_HEADS + name);
    }

    public String url() {
        return server.url(NAME);
    }

    public String tip() throws IOException {
        return repository.resolve(REF).name();
    }

    /** Stops the server. Returns its port. */
    public int stopServing() {
        int port = java.net.URI.create(url()).getPort();
        server.close();
        return port;
    }

    /** Serves the repository again, on the given port. */
    public void serveAgain(int port) throws IOException {
        server = GitHttpServer.start(folder, null, null, port);
    }

    public String read(String path) throws IOException {
        try (RevWalk walk = new RevWalk(repository);
                TreeWalk file = TreeWalk.forPath(
                        repository,
                        path,
                        walk.parseCommit(repository.resolve(REF)).getTree())) {
            return new String(repository.open(file.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Replaces a text in a file. Returns the new commit. */
    public String replace(String path, String before, String after) throws IOException {
        return replace(new Replacement(path, before, after));
    }

    /** What {@link #replace(Replacement...)} does to one file. */
    public record Replacement(String path, String before, String after) {}

    /** Replaces texts in one commit: an agent sees all of them at once, or none; the new commit. */
    public String replace(Replacement... replacements) throws IOException {
        Map<String, String> files = new HashMap<>();
        for (Replacement replacement : replacements) {
            String path = replacement.path();
            String text = files.containsKey(path) ? files.get(path) : read(path);
            if (!text.contains(replacement.before())) {
                throw new IllegalArgumentException(path + " does not hold " + replacement.before());
            }
            files.put(path, text.replace(replacement.before(), replacement.after()));
        }
        return commit(files);
    }

    /** Removes a file. Returns the new commit. */
    public String remove(String path) throws IOException {
        Map<String, String> files = new HashMap<>();
        files.put(path, null);
        return commit(files);
    }

    /** Writes files, or removes those whose text is null. Returns the new commit. */
    public String commit(Map<String, String> files) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter();
                RevWalk walk = new RevWalk(repository)) {
            ObjectId parent = repository.resolve(REF);
            DirCache index = DirCache.newInCore();
            DirCacheBuilder builder = index.builder();
            builder.addTree(
                    new byte[0],
                    DirCacheEntry.STAGE_0,
                    repository.newObjectReader(),
                    walk.parseCommit(parent).getTree());
            builder.finish();
            DirCacheEditor editor = index.editor();
            for (Map.Entry<String, String> file : files.entrySet()) {
                editor.add(edit(inserter, file.getKey(), file.getValue()));
            }
            editor.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setParentId(parent);
            commit.setAuthor(new PersonIdent("Alice", "alice@example.com"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("A change\n");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef(REF);
            update.setNewObjectId(id);
            update.update();
            return id.name();
        }
    }

    /** Force-pushes an unrelated history of one commit with these files. Returns the commit. */
    public String replaceHistory(Map<String, String> files) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            DirCache index = DirCache.newInCore();
            DirCacheEditor editor = index.editor();
            for (Map.Entry<String, String> file : files.entrySet()) {
                editor.add(edit(inserter, file.getKey(), file.getValue()));
            }
            editor.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setAuthor(new PersonIdent("Mallory", "mallory@example.com"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("Another beginning\n");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            reset(id.name());
            return id.name();
        }
    }

    /** Force-pushes a commit to the branch. */
    public void reset(String revision) throws IOException {
        RefUpdate update = repository.updateRef(REF);
        update.setNewObjectId(ObjectId.fromString(revision));
        update.setForceUpdate(true);
        update.update();
    }

    private static DirCacheEditor.PathEdit edit(ObjectInserter inserter, String path, String text) throws IOException {
        if (text == null) {
            return new DirCacheEditor.DeletePath(path);
        }
        ObjectId blob = inserter.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
        return new DirCacheEditor.PathEdit(path) {
            @Override
            public void apply(DirCacheEntry entry) {
                entry.setFileMode(FileMode.REGULAR_FILE);
                entry.setObjectId(blob);
            }
        };
    }

    @Override
    public void close() {
        server.close();
        repository.close();
    }
}
