package io.jenkins.plugins.gitops.testkit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A Git server on loopback with bare repositories in a temporary folder; it asks for a password. */
public final class GitServerRule extends ExternalResource {
    public static final String USER = "jenkins";
    public static final String PASSWORD = "open-sesame";

    private final TemporaryFolder folder = new TemporaryFolder();

    @CheckForNull
    private final String user;

    @CheckForNull
    private final String password;

    private GitHttpServer server;

    public GitServerRule() {
        this(USER, PASSWORD);
    }

    private GitServerRule(@CheckForNull String user, @CheckForNull String password) {
        this.user = user;
        this.password = password;
    }

    /** Returns a server that anyone may read and write. */
    public static GitServerRule withoutPassword() {
        return new GitServerRule(null, null);
    }

    @Override
    protected void before() throws IOException {
        folder.create();
        server = GitHttpServer.start(folder.getRoot().toPath(), user, password, 0);
    }

    @Override
    protected void after() {
        server.close();
        folder.delete();
    }

    /** Creates a repository with the documentation's example of a config repository in one commit. */
    public ServedConfigRepository create(String name) throws IOException {
        ServedConfigRepository repository = repository(name);
        ExampleRepository.create(
                repository.folder(),
                Path.of(System.getProperty("gitops.root", "."), "docs", "examples", "config-repo"));
        return repository;
    }

    /** Returns the repository of this name; a new one has no commit. */
    public ServedConfigRepository createIfMissing(String name) throws IOException {
        ServedConfigRepository repository = repository(name);
        if (Files.exists(repository.folder())) {
            return repository;
        }
        try (Repository empty = new FileRepositoryBuilder()
                .setGitDir(repository.folder().toFile())
                .setBare()
                .build()) {
            empty.create(true);
        }
        return repository;
    }

    /**
     * Returns the repository of this name, which does not have to exist; the response for its URL is "not found" then.
     */
    public ServedConfigRepository repository(String name) {
        String file = name + ".git";
        return new ServedConfigRepository(folder.getRoot().toPath().resolve(file), server.url(file));
    }

    /** Lets a test observe the requests, or inject faults. */
    public void setHook(GitServerHook hook) {
        server.setHook(hook);
    }

    /** Makes the server refuse connections. */
    public void stop() {
        server.close();
    }

    /** Restarts the server on the same port, with another password. */
    public void setPassword(String password) throws IOException {
        int port = server.port();
        server.close();
        server = GitHttpServer.start(folder.getRoot().toPath(), USER, password, port);
    }
}
