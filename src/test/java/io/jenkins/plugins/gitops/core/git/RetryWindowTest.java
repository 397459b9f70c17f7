package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.increment;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * A change survives temporary faults of its remote: it waits, reports that, blocks no other change, and can be
 * cancelled.
 */
public class RetryWindowTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    /** One attempt, and no further one during a test. */
    private static final GitOptions ONE_TRY =
            new GitOptions(Duration.ofHours(2), LONG, true).withPauses(Duration.ofHours(1), Duration.ofHours(1));

    @Rule
    public final ServedRepository served = new ServedRepository();

    private final ExecutorService onlyThread = Executors.newSingleThreadExecutor();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @After
    public void stop() {
        onlyThread.shutdownNow();
    }

    @Test
    public void outageIsReportedAndTheChangeIsWrittenAfterwards() throws Exception {
        AtomicInteger troubles = new AtomicInteger(5);
        answerPushes(503, () -> troubles.getAndDecrement() > 0);
        try (ConfigRepository repository = open("one", ServedRepository.QUICK)) {
            ChangeResult result =
                    repository.submit(increment("op", "count"), told::add).get(2, TimeUnit.MINUTES);
            assertThat(result.revision(), is(served.tip()));
        }
        assertThat(told.size(), is(5));
        assertThat(
                told.take(),
                is(served.url() + " answers with HTTP status 503. The host says: Injected fault; trying again in 1 s"));
        assertThat(served.commits().size(), is(2));
    }

    @Test
    public void otherRepositoriesAreWrittenWhileOneWaits() throws Exception {
        AtomicBoolean trouble = new AtomicBoolean(true);
        answerPushes(503, trouble::get);
        served.createBranch("other");
        try (ConfigRepository waits = open("one", ONE_TRY);
                ConfigRepository other = ConfigRepository.open(
                        served.cache(),
                        served.bare().toString(),
                        "other",
                        "test",
                        GitCredentials.ANONYMOUS,
                        onlyThread,
                        ServedRepository.QUICK)) {
            CompletableFuture<ChangeResult> change = waits.submit(increment("op", "count"), told::add);
            assertThat(told.poll(1, TimeUnit.MINUTES), matchesPattern(".* status 503.*; trying again in \\d+ min.*"));
            assertThat(result(other, increment("op", "count")).changed(), is(true));
            assertThat(change.isDone(), is(false));
        }
    }

    @Test
    public void requestsMadeMeanwhileAreNotifiedAndShareThePush() throws Exception {
        AtomicInteger pushes = new AtomicInteger();
        answerPushes(503, () -> pushes.getAndIncrement() == 0);
        GitOptions options = ONE_TRY.withPauses(Duration.ofSeconds(2), Duration.ofSeconds(2));
        try (ConfigRepository repository = open("one", options)) {
            CompletableFuture<ChangeResult> first = repository.submit(increment("op-1", "count"), told::add);
            String line = told.poll(1, TimeUnit.MINUTES);
            CompletableFuture<ChangeResult> second = repository.submit(increment("op-2", "count"), told::add);
            assertThat(told.poll(1, TimeUnit.MINUTES), is(line));
            assertThat(first.get(1, TimeUnit.MINUTES).changed(), is(true));
            assertThat(second.get(1, TimeUnit.MINUTES).revision(), is(served.tip()));
        }
        assertThat(pushes.get(), is(2));
        assertThat(served.read("count"), is("2"));
    }

    @Test
    public void changeCancelledWhileWaitingIsNeverWritten() throws Exception {
        AtomicBoolean trouble = new AtomicBoolean(true);
        answerPushes(503, trouble::get);
        GitOptions options = ONE_TRY.withPauses(Duration.ofSeconds(2), Duration.ofSeconds(2));
        try (ConfigRepository repository = open("one", options)) {
            CompletableFuture<ChangeResult> stays = repository.submit(increment("op-1", "count"), told::add);
            told.poll(1, TimeUnit.MINUTES);
            CompletableFuture<ChangeResult> taken = repository.submit(increment("op-2", "count"));
            assertThat(taken.cancel(false), is(true));
            assertThrows(CancellationException.class, taken::join);
            trouble.set(false);
            assertThat(stays.get(1, TimeUnit.MINUTES).changed(), is(true));
            assertThat(stays.cancel(false), is(false));
        }
        assertThat(served.read("count"), is("1"));
    }

    @Test
    public void changeCancelledDuringItsPushIsReportedAndNotRetried() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        PushLatch pushLatch = new PushLatch(served);
        CompletableFuture<ChangeResult> lands = repository.submit(write("op-1", "a", "1"));
        pushLatch.awaitPush();
        assertThat(lands.cancel(false), is(false));
        pushLatch.open();
        assertThat(lands.get(1, TimeUnit.MINUTES).revision(), is(served.tip()));

        AtomicInteger pushes = new AtomicInteger();
        CompletableFuture<CompletableFuture<ChangeResult>> asked = new CompletableFuture<>();
        answerPushes(503, () -> {
            pushes.incrementAndGet();
            return !asked.join().cancel(false);
        });
        CompletableFuture<ChangeResult> fails = repository.submit(write("op-2", "a", "2"));
        asked.complete(fails);
        assertThrows(CancellationException.class, () -> fails.get(1, TimeUnit.MINUTES));
        assertThat(pushes.get(), is(1));
    }

    @Test
    public void retryingEndsAtTheDeadlineAndReportsItsDuration() throws Exception {
        answerPushes(503, () -> true);
        GitOptions options = ServedRepository.withShortTimeouts(Duration.ofSeconds(1), LONG, true);
        try (ConfigRepository repository = open("one", options)) {
            GitRemoteException failure = failure(repository.submit(increment("op", "count"), told::add));
            assertThat(
                    failure.getMessage(),
                    matchesPattern(".* status 503\\. .*, also after retrying for \\d s\\. Try again later\\."));
            assertThat(failure.isTemporary(), is(true));
            assertThat(told.isEmpty(), is(false));
        }
        assertThat(served.commits().size(), is(1));
    }

    @Test
    public void invalidResponseIsNotRetriedForLong() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (FaultyProxy proxy = new FaultyProxy(served.server().port())) {
            proxy.setFaults(line -> {
                tries.incrementAndGet();
                return FaultyProxy.ProxyFault.PAGE;
            });
            try (ConfigRepository repository = ConfigRepository.open(
                    served.cache(),
                    proxy.url("config.git"),
                    "main",
                    "page",
                    access(PASSWORD),
                    onlyThread,
                    ServedRepository.withShortTimeouts(LONG, LONG, true))) {
                assertThat(failure(repository.submit(increment("op", "count"))), instanceOf(GitRemoteException.class));
            }
        }
        assertThat(tries.get() < 10, is(true));
    }

    @Test
    public void retryAfterOfTheHostIsRespected() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8));
        assertThat(backoff.next(Optional.of(Duration.ofSeconds(100))), is(Duration.ofSeconds(100)));
        assertThat(backoff.next(Optional.of(Duration.ZERO)).toMillis() >= 1500, is(true));
        for (int i = 0; i < 100; i++) {
            Duration pause = backoff.next(Optional.empty());
            assertThat(pause.toString(), pause.compareTo(Duration.ofSeconds(8)) <= 0, is(true));
            assertThat(pause.isZero(), is(false));
        }
        backoff.reset();
        assertThat(backoff.next(Optional.empty()).compareTo(Duration.ofSeconds(1)) <= 0, is(true));
    }

    @Test
    public void tooLongRetryAfterEndsAtOnce() {
        GitRemoteException asks =
                new GitRemoteException("busy", "Wait", GitRemoteException.Persistence.TEMPORARY, Duration.ofHours(1));
        Change change = write("op", "a", "1");
        assertThat(new PendingChange(change, told::add, Duration.ofMinutes(10)).isOver(asks), is(true));
        assertThat(new PendingChange(change, told::add, Duration.ofHours(2)).isOver(asks), is(false));
    }

    @Test
    public void hangingPlanFailsOnlyItsOwnChange() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean stop = new AtomicBoolean();
        Change hostile = new Change("hostile", ServedRepository.AUTHOR, tip -> {
            while (!stop.get()) {
                // As a parser that needs hours and ignores interrupts.
                interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
                Thread.onSpinWait();
            }
            return null;
        });
        GitOptions options = ServedRepository.QUICK.withPlanTime(Duration.ofMillis(500));
        try (ConfigRepository repository = open("one", options)) {
            repository.fetch();
            PushLatch pushLatch = new PushLatch(served);
            CompletableFuture<ChangeResult> before = repository.submit(increment("op-0", "count"));
            pushLatch.awaitPush();
            List<CompletableFuture<ChangeResult>> innocent = List.of(
                    repository.submit(increment("op-1", "count")), repository.submit(increment("op-2", "count")));
            CompletableFuture<ChangeResult> stuck = repository.submit(hostile);
            pushLatch.open();
            assertThat(before.get(1, TimeUnit.MINUTES).changed(), is(true));
            for (CompletableFuture<ChangeResult> one : innocent) {
                assertThat(one.get(1, TimeUnit.MINUTES).changed(), is(true));
            }
            ExecutionException e = assertThrows(ExecutionException.class, () -> stuck.get(1, TimeUnit.MINUTES));
            assertThat(e.getCause().getMessage(), matchesPattern("Planning this change took longer than 1 s\\. .*"));
            assertThat(e.getCause(), not(instanceOf(GitRemoteException.class)));
            assertThat(interrupted.get(), is(true));
        } finally {
            stop.set(true);
        }
        assertThat(served.read("count"), is("3"));
    }

    @Test
    public void abandonedPlanCannotReadFiles() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Change hostile = new Change("hostile", ServedRepository.AUTHOR, tip -> {
            while (!stop.get()) {
                Thread.onSpinWait();
            }
            ended.complete(
                    assertThrows(IllegalStateException.class, () -> tip.files().list("")));
            return null;
        });
        try (ConfigRepository repository = open("one", ServedRepository.QUICK.withPlanTime(Duration.ofMillis(100)))) {
            assertThrows(
                    ExecutionException.class, () -> repository.submit(hostile).get(1, TimeUnit.MINUTES));
            stop.set(true);
            assertThat(ended.get(1, TimeUnit.MINUTES), instanceOf(IllegalStateException.class));
        }
    }

    private ConfigRepository open(String scope, GitOptions options) throws Exception {
        return ConfigRepository.open(
                served.cache(), served.url(), "main", scope, access(PASSWORD), onlyThread, options);
    }

    private interface TimedAction {
        boolean is();
    }

    private void answerPushes(int status, TimedAction timedAction) {
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                return request.push() && !request.advertisement() && timedAction.is()
                        ? Fault.answer(status)
                        : Fault.NONE;
            }
        });
    }

    private static GitRemoteException failure(CompletableFuture<ChangeResult> future) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> future.get(2, TimeUnit.MINUTES));
        assertThat(e.getCause(), instanceOf(GitRemoteException.class));
        return (GitRemoteException) e.getCause();
    }
}
