package io.jenkins.plugins.gitops.ui;

import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.TimeZone;
import org.eclipse.jgit.dircache.DirCache;
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
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A Git server with config repositories into which tests commit whatever they like. */
final class ConfigServer extends ExternalResource {
    private final TemporaryFolder folder = new TemporaryFolder();
    private GitHttpServer server;

    @Override
    protected void before() throws IOException {
        folder.create();
        server = GitHttpServer.start(folder.getRoot().toPath(), null, null, 0);
    }

    @Override
    protected void after() {
        server.close();
        folder.delete();
    }

    String url(String name) {
        return server.url(name + ".git");
    }

    RepositoryConfiguration configuration(String name) {
        return new RepositoryConfiguration(name, url(name));
    }

    /** Has Jenkins read what stands there now. */
    void refresh(String name) throws Exception {
        SignedReports.refresh(configuration(name));
    }

    /** One commit that writes these files; makes the repository when it is not there yet. */
    String commit(String name, Map<String, String> files, String author, Instant when, String message)
            throws IOException {
        Path path = folder.getRoot().toPath().resolve(name + ".git");
        try (Repository repository = new FileRepository(path.toFile())) {
            if (!path.toFile().exists()) {
                repository.create(true);
            }
            return commit(repository, files, author, when, message);
        }
    }

    private static String commit(
            Repository repository, Map<String, String> files, String author, Instant when, String message)
            throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter();
                RevWalk walk = new RevWalk(repository)) {
            ObjectId tip = repository.resolve(Constants.R_HEADS + "main");
            DirCache index = tip == null
                    ? DirCache.newInCore()
                    : DirCache.read(
                            repository.newObjectReader(), walk.parseCommit(tip).getTree());
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
            if (tip != null) {
                commit.setParentId(tip);
            }
            commit.setAuthor(
                    new PersonIdent(author, "someone@example.com", Date.from(when), TimeZone.getTimeZone("UTC")));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef(Constants.R_HEADS + "main");
            update.setNewObjectId(id);
            update.update();
            return id.name();
        }
    }

    /** The file that holds the image of an application in an environment, for the layout without gitops.yaml. */
    static String imageFile(String application, String environment) {
        return path(application, environment) + "/kustomization.yaml";
    }

    static String path(String application, String environment) {
        return "apps/" + application + "/overlays/" + environment;
    }

    static String image(String application, String tag) {
        return "images:\n- name: ghcr.io/myorg/" + application + "\n  newTag: \"" + tag + "\"\n";
    }
}
