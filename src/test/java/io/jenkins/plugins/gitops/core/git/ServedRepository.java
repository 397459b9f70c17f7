package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A config repository on a real Git server with authentication, and clones of it. */
public final class ServedRepository extends ExternalResource {
    public static final String USER = "jenkins";
    public static final String PASSWORD = "s3cret-pa55word";
    /** The pause before the first retry. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);
    public static final GitOptions QUICK = withShortTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(10), true);
    static final Author AUTHOR = new Author("Ada Lovelace", "ada@example.com");

    private final TemporaryFolder temporary = new TemporaryFolder();
    private final ExecutorService writers = Executors.newCachedThreadPool();
    private final List<ConfigRepository> opened = new ArrayList<>();
    private GitHttpServer server;
    private int others;

    @Override
    protected void before() throws Throwable {
        temporary.create();
        ExampleRepository.create(bare());
        server = GitHttpServer.start(bare().getParent(), USER, PASSWORD, 0);
    }

    @Override
    protected void after() {
        opened.forEach(ConfigRepository::close);
        writers.shutdownNow();
        server.close();
        temporary.delete();
    }

    /** Returns the usual options with short pauses. */
    public static GitOptions withShortTimeouts(Duration deadline, Duration timeout, boolean filesAllowed) {
        return new GitOptions(deadline, timeout, filesAllowed).withPauses(FIRST_PAUSE, LONGEST_PAUSE);
    }

    public GitHttpServer server() {
        return server;
    }

    public String url() {
        return server.url("config.git");
    }

    public Path folder() {
        return temporary.getRoot().toPath();
    }

    public Path bare() {
        return folder().resolve("served").resolve("config.git");
    }

    public Path cache() {
        return folder().resolve("cache");
    }

    public ExecutorService writers() {
        return writers;
    }

    public static GitCredentials access(String password) {
        return transport -> GitCredentials.basic(transport, USER, password);
    }

    public ConfigRepository open() throws UserErrorException {
        return open(url(), "main", access(PASSWORD), QUICK);
    }

    public ConfigRepository open(GitOptions options) throws UserErrorException {
        return open(url(), "main", access(PASSWORD), options);
    }

    public ConfigRepository open(String url, String branch, GitCredentials access, GitOptions options)
            throws UserErrorException {
        ConfigRepository repository = ConfigRepository.open(cache(), url, branch, "test", access, writers, options);
        opened.add(repository);
        return repository;
    }

    /** Opens the clone of another controller for the same branch. */
    ConfigRepository openAs(String scope) throws UserErrorException {
        ConfigRepository repository =
                ConfigRepository.open(cache(), url(), "main", scope, access(PASSWORD), writers, QUICK);
        opened.add(repository);
        return repository;
    }

    /** Adds an empty commit to the branch directly in the repository, without a push. */
    void commitDirectly(String subject) {
        try (Repository repository =
                        new FileRepositoryBuilder().setGitDir(bare().toFile()).build();
                RevWalk walk = new RevWalk(repository);
                ObjectInserter inserter = repository.newObjectInserter()) {
            RefUpdate.Result result;
            do {
                RevCommit tip = walk.parseCommit(repository.resolve("refs/heads/main"));
                CommitBuilder commit = new CommitBuilder();
                commit.setTreeId(tip.getTree());
                commit.setParentId(tip);
                commit.setAuthor(new PersonIdent("Somebody Else", "else@example.com"));
                commit.setCommitter(commit.getAuthor());
                commit.setMessage(subject);
                RefUpdate update = repository.updateRef("refs/heads/main");
                update.setExpectedOldObjectId(tip);
                update.setNewObjectId(inserter.insert(commit));
                inserter.flush();
                result = update.update();
            } while (result != RefUpdate.Result.FAST_FORWARD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves the server's branch without the server's knowing, by many empty commits in one pack. */
    public void commitDirectly(int number) throws IOException {
        try (Repository repository =
                        new FileRepositoryBuilder().setGitDir(bare().toFile()).build();
                RevWalk walk = new RevWalk(repository);
                ObjectInserter inserter = ((ObjectDirectory) repository.getObjectDatabase()).newPackInserter()) {
            RevCommit start = walk.parseCommit(repository.resolve("refs/heads/main"));
            ObjectId tip = start;
            for (int i = 0; i < number; i++) {
                CommitBuilder commit = new CommitBuilder();
                commit.setTreeId(start.getTree());
                commit.setParentId(tip);
                commit.setAuthor(new PersonIdent("Somebody Else", "else@example.com"));
                commit.setCommitter(commit.getAuthor());
                commit.setMessage("Change " + i);
                tip = inserter.insert(commit);
            }
            inserter.flush();
            RefUpdate update = repository.updateRef("refs/heads/main");
            update.setNewObjectId(tip);
            if (update.update() != RefUpdate.Result.FAST_FORWARD) {
                throw new IOException("main could not be moved");
            }
        }
    }

    /** Returns a file at the server's tip. */
    String read(String path) throws IOException {
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(bare().toFile()).build()) {
            byte[] bytes = repository
                    .open(repository.resolve("refs/heads/main:" + path))
                    .getBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Returns another person's clone. */
    public WorkTreeClone other() throws Exception {
        return WorkTreeClone.clone(url(), folder().resolve("other" + others++), USER, PASSWORD);
    }

    /** Creates another branch at the tip of main directly in the repository, without a push. */
    void createBranch(String branch) throws IOException {
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(bare().toFile()).build()) {
            RefUpdate update = repository.updateRef("refs/heads/" + branch);
            update.setNewObjectId(repository.resolve("refs/heads/main"));
            if (update.update() != RefUpdate.Result.NEW) {
                throw new IOException(branch + " could not be made");
            }
        }
    }

    /** Returns the commits of the branch on the server, newest first. */
    List<CommitInfo> commits() throws IOException {
        return commits("main");
    }

    /** Returns the commits of a branch on the server, newest first. */
    List<CommitInfo> commits(String branch) throws IOException {
        List<CommitInfo> commits = new ArrayList<>();
        try (Repository repository =
                        new FileRepositoryBuilder().setGitDir(bare().toFile()).build();
                RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(repository.resolve("refs/heads/" + branch)));
            for (RevCommit commit : walk) {
                commits.add(new CommitInfo(
                        commit.name(),
                        commit.getAuthorIdent().getName(),
                        commit.getAuthorIdent().getEmailAddress(),
                        commit.getCommitterIdent().getWhenAsInstant(),
                        commit.getShortMessage(),
                        Trailers.parse(commit.getFullMessage())));
            }
        }
        return commits;
    }

    public String tip() throws IOException {
        return commits().get(0).revision();
    }

    /** Writes files regardless of the tip. */
    static Change write(String operation, Map<String, String> files) {
        return new Change(operation, AUTHOR, tip -> plan(operation, files));
    }

    public static Change write(String operation, String path, String content) {
        return write(operation, Map.of(path, content));
    }

    static ChangePlan plan(String operation, Map<String, String> files) {
        Map<String, byte[]> bytes = new HashMap<>();
        files.forEach((path, content) -> bytes.put(path, content.getBytes(StandardCharsets.UTF_8)));
        return new ChangePlan(bytes, "Do " + operation, Trailers.none().with(Trailers.OPERATION, operation));
    }

    /**
     * Increments the number in a file, so that two such changes conflict on the same tip, and a lost one is noticed.
     */
    static Change increment(String operation, String path) {
        return new Change(operation, AUTHOR, tip -> {
            byte[] present = tip.files().read(path).orElse("0".getBytes(StandardCharsets.UTF_8));
            int number = Integer.parseInt(new String(present, StandardCharsets.UTF_8));
            return plan(operation, Map.of(path, String.valueOf(number + 1)));
        });
    }

    public static ChangeResult result(ConfigRepository repository, Change change) throws Exception {
        return repository.submit(change).get(2, TimeUnit.MINUTES);
    }
}
