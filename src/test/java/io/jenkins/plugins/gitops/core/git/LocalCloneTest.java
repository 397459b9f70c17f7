package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.increment;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.junit.Rule;
import org.junit.Test;

/** The cache folder: damaged, locked, closed, shared. */
public class LocalCloneTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    private interface CloneDamage {
        void to(Path repository) throws IOException;
    }

    @Test
    public void isRecreatedWhenHalfWritten() throws Exception {
        damagedWhileClosed(repository -> Files.delete(repository.resolve("HEAD")));
        damagedWhileClosed(repository -> Files.write(repository.resolve("HEAD"), new byte[0]));
        damagedWhileClosed(repository -> Files.writeString(repository.resolve("HEAD"), "ref: refs/heads/other\n"));
        damagedWhileClosed(repository -> Files.delete(repository.resolve("config")));
        damagedWhileClosed(repository -> Files.writeString(repository.resolve("config"), "[core\n"));
        damagedWhileClosed(repository -> Files.writeString(repository.resolve("refs/heads/main"), "nonsense\n"));
        damagedWhileClosed(repository -> Files.write(repository.resolve("refs/heads/main"), new byte[0]));
        damagedWhileClosed(repository -> delete(repository.resolve("objects")));
        damagedWhileClosed(
                repository -> files(repository.resolve("objects"), ".pack").forEach(LocalCloneTest::cut));
        damagedWhileClosed(
                repository -> files(repository.resolve("objects"), ".idx").forEach(LocalCloneTest::cut));
        damagedWhileClosed(LocalCloneTest::delete);
    }

    private void damagedWhileClosed(CloneDamage damage) throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        repository.close();
        damage.to(place());
        try (ConfigRepository again = served.open()) {
            FileTree files = again.files(again.fetch());
            assertThat(files.read("README.md").isPresent(), is(true));
            assertThat(files.list("apps/frontend/overlays").size(), is(3));
        }
    }

    @Test
    public void survivesLocksLeftByAKilledProcess() throws Exception {
        ConfigRepository repository = served.open();
        String tip = repository.fetch();
        repository.close();
        Files.createFile(place().resolve("refs/heads/main.lock"));
        Files.createFile(place().resolve("packed-refs.lock"));
        Files.createFile(place().resolve("HEAD.lock"));
        ConfigRepository again = served.open();
        assertThat("it is not made anew", again.tip(), is(Optional.of(tip)));
        assertThat(result(again, increment("op", "count")).changed(), is(true));
        assertThat(again.tip(), is(Optional.of(served.tip())));
    }

    @Test
    public void isRecreatedWhenObjectsVanish() throws Exception {
        ConfigRepository repository = served.open();
        String revision = fetchCommitOfAnother(repository);
        loseObjects(List.of());

        assertThrows(IOException.class, () -> repository.files(revision).read("count"));
        assertThat(repository.contains(revision), is(false));
        assertThat(repository.fetch(), is(revision));
        assertThat(repository.files(revision).read("count").isPresent(), is(true));
        assertThat(result(repository, increment("op-2", "count")).changed(), is(true));
    }

    @Test
    public void isRecreatedByAWrite() throws Exception {
        ConfigRepository repository = served.open();
        String revision = fetchCommitOfAnother(repository);
        loseObjects(List.of());

        ChangeResult result = result(repository, increment("op-2", "count"));
        assertThat(result.revision(), is(served.tip()));
        assertThat(repository.isAncestor(revision, result.revision()), is(true));
    }

    @Test
    public void isRecreatedWhenOnlyAFilesContentIsLost() throws Exception {
        ConfigRepository repository = served.open();
        fetchCommitOfAnother(repository);
        loseObjects(List.of(Constants.OBJ_COMMIT, Constants.OBJ_TREE));

        assertThat(result(repository, increment("op-2", "count")).changed(), is(true));
        assertThat(served.read("count"), is("42"));
    }

    @Test
    public void pushedChangeIsReportedEvenIfTheCloneIsUnwritable() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        Path inTheWay = Files.createFile(place().resolve("refs/heads/main.lock"));
        ChangeResult first = result(repository, increment("op-1", "count"));
        ChangeResult second = result(repository, increment("op-2", "count"));

        assertThat(first.changed(), is(true));
        assertThat(second.revision(), is(served.tip()));
        assertThat(repository.tip(), is(Optional.of(served.tip())));
        repository.close();
        assertThat("it could not be saved", Files.exists(inTheWay), is(true));
        ConfigRepository again = served.open();
        assertThat(result(again, increment("op-1", "count")), is(first));
        assertThat(again.tip(), is(Optional.of(served.tip())));
        assertThat(served.read("count"), is("2"));
    }

    @Test
    public void isRecreatedWhenPushedObjectsCannotBeSaved() throws Exception {
        ConfigRepository repository = served.open();
        fetchCommitOfAnother(repository);
        ChangeResult pushed = result(repository, increment("op-2", "count"));
        loseObjects(List.of());
        WorkTreeClone other = served.other();
        other.write("b", "1").commit("On top");
        other.push(false);

        assertThat(repository.fetch(), is(served.tip()));
        assertThat(repository.isAncestor(pushed.revision(), served.tip()), is(true));
        assertThat(result(repository, increment("op-3", "count")).changed(), is(true));
        assertThat(served.read("count"), is("43"));
    }

    private String fetchCommitOfAnother(ConfigRepository repository) throws Exception {
        WorkTreeClone other = served.other();
        other.write("count", "41").commit("Write");
        other.push(false);
        return repository.fetch();
    }

    /** Removes all objects of the open clone except those of some types. */
    private void loseObjects(List<Integer> keptTypes) throws IOException {
        try (Repository clone = files();
                ObjectWalk walk = new ObjectWalk(clone)) {
            List<ObjectLoader> kept = new ArrayList<>();
            walk.markStart(walk.parseCommit(clone.resolve("HEAD")));
            for (RevObject object = walk.next(); object != null; object = walk.next()) {
                kept.add(clone.open(object));
            }
            for (RevObject object = walk.nextObject(); object != null; object = walk.nextObject()) {
                kept.add(clone.open(object));
            }
            kept.removeIf(object -> !keptTypes.contains(object.getType()));
            delete(place().resolve("objects"));
            Files.createDirectories(place().resolve("objects/pack"));
            // Discards what JGit has cached.
            new WindowCacheConfig().install();
            try (Repository emptied = files();
                    ObjectInserter inserter = emptied.newObjectInserter()) {
                for (ObjectLoader object : kept) {
                    inserter.insert(object.getType(), object.getBytes());
                }
                inserter.flush();
            }
        }
    }

    private Repository files() throws IOException {
        return new FileRepositoryBuilder().setGitDir(place().toFile()).build();
    }

    @Test
    public void isDeletedAfterALongIdleTime() throws Exception {
        ConfigRepository used = served.open();
        used.fetch();
        ConfigRepository closed = served.openAs("closed");
        closed.fetch();
        closed.close();
        Path other =
                Files.createDirectories(served.cache().resolve("not-a-clone").resolve("repository.git"));
        Instant later = Instant.now().plusSeconds(60);

        assertThat(ConfigRepository.deleteUnused(served.cache(), Instant.now().minusSeconds(60)), is(0));
        assertThat("the open one stays", ConfigRepository.deleteUnused(served.cache(), later), is(1));
        assertThat("it is gone", ConfigRepository.deleteUnused(served.cache(), later), is(0));
        assertThat(Files.isDirectory(other), is(true));
        assertThat(used.fetch(), is(served.tip()));
        assertThat(result(used, increment("op", "count")).changed(), is(true));

        ConfigRepository again = served.openAs("closed");
        assertThat("it begins anew", again.tip(), is(Optional.empty()));
        assertThat(again.fetch(), is(served.tip()));
        assertThat(ConfigRepository.deleteUnused(served.folder().resolve("missing"), later), is(0));
    }

    @Test
    public void isLockedWhileOpen() throws Exception {
        ConfigRepository repository = served.open();
        UserErrorException e = assertThrows(UserErrorException.class, served::open);
        assertThat(e.getMessage(), startsWith("The cache folder " + served.cache()));
        assertThat(
                e.getMessage(),
                containsString(" is in use by another process, or open twice in this one. Stop the other process, or"
                        + " give each its own cache folder."));
        assertThat("other scope, other folder", served.openAs("other").tip(), is(Optional.empty()));
        repository.close();
        served.open();
    }

    @Test
    public void cannotReplaceAFile() throws Exception {
        Files.writeString(served.cache(), "a file");
        UserErrorException e = assertThrows(UserErrorException.class, served::open);
        assertThat(e.getMessage(), startsWith("The cache folder " + served.cache()));
        assertThat(e.getMessage(), containsString("Check the permissions of the folder and the space on its disk"));
    }

    @Test
    public void rejectsBadUrlsAndBranchesBeforeAnythingIsCreated() throws Exception {
        GitOptions noFiles = new GitOptions(Duration.ofSeconds(1), Duration.ofSeconds(1), false);
        for (String url :
                List.of(served.bare().toString(), served.bare().toUri().toString(), "http://example.com/x")) {
            assertThrows(UserErrorException.class, () -> served.open(url, "main", access(PASSWORD), noFiles));
        }
        assertThrows(UserErrorException.class, () -> served.open(served.url(), "-x", access(PASSWORD), QUICK));
        assertThat(Files.exists(served.cache()), is(false));
    }

    @Test
    public void localPathWorksAsARemote() throws Exception {
        ConfigRepository repository =
                served.open(served.bare().toString(), "main", GitCredentials.ANONYMOUS, QUICK.withFiles());
        assertThat(result(repository, increment("op", "count")).changed(), is(true));
        assertThat(served.read("count"), is("1"));
    }

    @Test
    public void concurrentFetchRequestsShareOneFetch() throws Exception {
        ConfigRepository repository = served.open();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch opened = new CountDownLatch(1);
        AtomicInteger fetches = new AtomicInteger();
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                if (request.advertisement()) {
                    fetches.incrementAndGet();
                    reached.countDown();
                    try {
                        opened.await(1, TimeUnit.MINUTES);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                return Fault.NONE;
            }
        });
        List<Future<String>> futures = new ArrayList<>();
        futures.add(served.writers().submit(repository::fetch));
        assertThat(reached.await(1, TimeUnit.MINUTES), is(true));
        CountDownLatch asked = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            futures.add(served.writers().submit(() -> {
                asked.countDown();
                return repository.fetch();
            }));
        }
        assertThat(asked.await(1, TimeUnit.MINUTES), is(true));
        opened.countDown();
        for (Future<String> future : futures) {
            assertThat(future.get(), is(served.tip()));
        }
        // Some requests may have arrived only after the second fetch had begun.
        assertThat(fetches.get(), is(lessThanOrEqualTo(20)));
    }

    @Test
    public void pendingRequestsFailOnClose() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        PushLatch pushLatch = new PushLatch(served);
        Future<ChangeResult> underWay = repository.submit(write("op-1", "a", "1"));
        pushLatch.awaitPush();
        Future<ChangeResult> waits = repository.submit(write("op-2", "b", "1"));
        Future<?> closing = served.writers().submit(repository::close);

        ExecutionException e = assertThrows(ExecutionException.class, () -> waits.get(1, TimeUnit.MINUTES));
        assertThat(
                e.getCause().getMessage(),
                is("The local clone of " + served.url() + " is closed. Try again once it is set up again."));
        pushLatch.open();
        closing.get(1, TimeUnit.MINUTES);
        assertThat("what was sent is told", underWay.get().changed(), is(true));
        assertThrows(GitRemoteException.class, repository::fetch);
        assertThat(
                assertThrows(ExecutionException.class, () -> result(repository, write("op-3", "c", "1")))
                        .getCause(),
                instanceOf(GitRemoteException.class));
        served.open();
    }

    @Test
    public void stoppedExecutorFailsRequests() throws Exception {
        ConfigRepository repository =
                ConfigRepository.open(served.cache(), served.url(), "main", "", access(PASSWORD), task -> {
                    throw new RejectedExecutionException();
                });
        try (repository) {
            Future<ChangeResult> future = repository.submit(write("op", "a", "1"));
            assertThat(
                    assertThrows(ExecutionException.class, future::get).getCause(),
                    instanceOf(GitRemoteException.class));
        }
    }

    private Path place() throws IOException {
        try (Stream<Path> folders = Files.list(served.cache())) {
            return folders.findFirst().orElseThrow().resolve("repository.git");
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(ending)).toList();
        }
    }

    private static void cut(Path file) {
        try {
            file.toFile().setWritable(true);
            Files.write(file, new byte[] {1, 2, 3});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
