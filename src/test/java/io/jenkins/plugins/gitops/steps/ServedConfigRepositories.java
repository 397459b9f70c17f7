package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.core.git.Trailers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A Git server with a password, and bare repositories that hold the example; other people commit to them directly. */
public final class ServedConfigRepositories extends ExternalResource {
    public static final String USER = "jenkins";
    public static final String PASSWORD = "open-sesame";

    private final TemporaryFolder folder = new TemporaryFolder();
    private GitHttpServer server;

    @Override
    protected void before() throws IOException {
        folder.create();
        server = GitHttpServer.start(folder.getRoot().toPath(), USER, PASSWORD, 0);
    }

    @Override
    protected void after() {
        server.close();
        folder.delete();
    }

    /** A new repository. */
    public String create(String name) throws IOException {
        ExampleRepository.create(
                path(name), Path.of(System.getProperty("gitops.root", "."), "docs", "examples", "config-repo"));
        return server.url(name);
    }

    public GitHttpServer server() {
        return server;
    }

    /** From now on the server takes another password only; its URLs stay. */
    void setPassword(String password) throws IOException {
        int port = server.port();
        server.close();
        server = GitHttpServer.start(folder.getRoot().toPath(), USER, password, port);
    }

    public String url(String name) {
        return server.url(name);
    }

    Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private Repository open(String name) throws IOException {
        return new FileRepositoryBuilder()
                .setGitDir(path(name).toFile())
                .setBare()
                .build();
    }

    public String tip(String name) throws IOException {
        try (Repository repository = open(name)) {
            return repository
                    .resolve(Constants.R_HEADS + ExampleRepository.BRANCH)
                    .name();
        }
    }

    /** Newest first. */
    public List<RevCommit> commits(String name) throws IOException {
        try (Repository repository = open(name);
                RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(repository.resolve(ExampleRepository.BRANCH)));
            List<RevCommit> commits = new ArrayList<>();
            for (RevCommit commit : walk) {
                walk.parseBody(commit);
                commits.add(commit);
            }
            return commits;
        }
    }

    public Trailers trailers(String name, String revision) throws IOException {
        for (RevCommit commit : commits(name)) {
            if (commit.name().equals(revision)) {
                return Trailers.parse(commit.getFullMessage());
            }
        }
        throw new IOException("no commit " + revision);
    }

    public String read(String name, String file) throws IOException {
        try (Repository repository = open(name);
                RevWalk walk = new RevWalk(repository)) {
            RevCommit tip = walk.parseCommit(repository.resolve(ExampleRepository.BRANCH));
            try (TreeWalk found = TreeWalk.forPath(repository, file, tip.getTree())) {
                return new String(repository.open(found.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    /** As a person with an editor would. */
    public String write(String name, String file, String content, String message) throws IOException {
        return commit(name, file, content, message);
    }

    /** As a forced push would. */
    public void reset(String name, String revision) throws IOException {
        try (Repository repository = open(name)) {
            RefUpdate update = repository.updateRef(Constants.R_HEADS + ExampleRepository.BRANCH);
            update.setNewObjectId(ObjectId.fromString(revision));
            update.setForceUpdate(true);
            update.update();
        }
    }

    /** Makes another branch. */
    void branch(String name, String branch, String revision) throws IOException {
        try (Repository repository = open(name)) {
            RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
            update.setNewObjectId(ObjectId.fromString(revision));
            update.update();
        }
    }

    /** As a person who releases a held target would. */
    void remove(String name, String file, String message) throws IOException {
        commit(name, file, null, message);
    }

    private String commit(String name, String file, @CheckForNull String content, String message) throws IOException {
        try (Repository repository = open(name);
                RevWalk walk = new RevWalk(repository);
                ObjectInserter inserter = repository.newObjectInserter()) {
            RevCommit tip = walk.parseCommit(repository.resolve(ExampleRepository.BRANCH));
            DirCache index = DirCache.read(repository.newObjectReader(), tip.getTree());
            DirCacheEditor editor = index.editor();
            if (content == null) {
                editor.add(new DirCacheEditor.DeletePath(file));
            } else {
                ObjectId blob = inserter.insert(Constants.OBJ_BLOB, content.getBytes(StandardCharsets.UTF_8));
                editor.add(new DirCacheEditor.PathEdit(file) {
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
            commit.setParentId(tip);
            commit.setAuthor(new PersonIdent("Carol", "carol@example.com"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef(Constants.R_HEADS + ExampleRepository.BRANCH);
            update.setNewObjectId(id);
            if (update.update() != RefUpdate.Result.FAST_FORWARD) {
                throw new IOException("not written");
            }
            return id.name();
        }
    }
}
