package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.increment;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.junit.Rule;
import org.junit.Test;

/** Several writers of one branch, and a network that loses data. */
public class PushRacesTest {
    private static final GitServerHook.Fault NONE = GitServerHook.Fault.NONE;
    private static final int FOREIGN = 5;

    @Rule
    public final ServedRepository served = new ServedRepository();

    @Test
    public void twoHundredChangesOfFiftyCallersLandOnceWhileOthersPush() throws Exception {
        ConfigRepository repository = served.open();
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger hidden = new AtomicInteger();
        AtomicInteger landed = new AtomicInteger();
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                if (request.push() && !request.advertisement() && requests.incrementAndGet() % 3 == 1) {
                    served.commitDirectly("hidden");
                    hidden.incrementAndGet();
                }
                return Fault.NONE;
            }

            @Override
            public void onPush(String name, List<ReceiveCommand> commands) {
                landed.incrementAndGet();
            }
        });
        Future<?> foreign = served.writers().submit(this::pushByAnotherProgram);

        List<Future<List<ChangeResult>>> callers = new ArrayList<>();
        for (int caller = 0; caller < 50; caller++) {
            callers.add(served.writers().submit(fourChanges(repository, caller)));
        }
        List<ChangeResult> results = new ArrayList<>();
        for (Future<List<ChangeResult>> caller : callers) {
            results.addAll(caller.get(2, TimeUnit.MINUTES));
        }
        foreign.get(2, TimeUnit.MINUTES);

        List<CommitInfo> commits = served.commits();
        Map<String, String> byOperation = commits.stream()
                .filter(c -> c.trailers().first(Trailers.OPERATION).isPresent())
                .collect(Collectors.toMap(
                        c -> c.trailers().first(Trailers.OPERATION).orElseThrow(), CommitInfo::revision));
        assertThat("each operation once", byOperation.size(), is(200));
        for (ChangeResult result : results) {
            String operation = result.trailers().first(Trailers.OPERATION).orElseThrow();
            assertThat(result.changed(), is(true));
            assertThat(result.revision(), is(byOperation.get(operation)));
        }
        assertThat("nothing of the others is lost", commits.size(), is(1 + 200 + FOREIGN + hidden.get()));
        assertThat(sumOfCounters(repository), is(200));
        assertThat("changes went together", landed.get() - FOREIGN, lessThan(200));
    }

    private Callable<List<ChangeResult>> fourChanges(ConfigRepository repository, int caller) {
        return () -> {
            List<ChangeResult> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String operation = caller + "/" + i;
                results.add(result(repository, increment(operation, "counters/c" + caller % 5)));
            }
            return results;
        };
    }

    private int sumOfCounters(ConfigRepository repository) throws Exception {
        var files = repository.files(repository.fetch());
        int sum = 0;
        for (int i = 0; i < 5; i++) {
            byte[] counter = files.read("counters/c" + i).orElseThrow();
            sum += Integer.parseInt(new String(counter, StandardCharsets.UTF_8));
        }
        return sum;
    }

    private Void pushByAnotherProgram() throws Exception {
        WorkTreeClone other = served.other();
        for (int pushed = 0; pushed < FOREIGN; ) {
            other.update();
            other.write("foreign", String.valueOf(pushed)).commit("foreign " + pushed);
            try {
                other.push(false);
                pushed++;
            } catch (IOException e) {
                // Lost the race; tries again.
            }
        }
        return null;
    }

    @Test
    public void twoControllersShareABranch() throws Exception {
        ConfigRepository one = served.open();
        ConfigRepository two = served.openAs("another controller");
        List<Future<ChangeResult>> futures = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            futures.add((i % 2 == 0 ? one : two).submit(increment("op-" + i, "count")));
        }
        for (Future<ChangeResult> future : futures) {
            assertThat(future.get(2, TimeUnit.MINUTES).changed(), is(true));
        }
        assertThat(served.read("count"), is("60"));
        assertThat(served.commits().size(), is(61));
    }

    @Test
    public void theSameOperationOfTwoControllersIsDoneOnce() throws Exception {
        ConfigRepository one = served.open();
        ConfigRepository two = served.openAs("another controller");
        for (int i = 0; i < 10; i++) {
            Future<ChangeResult> first = one.submit(increment("op-" + i, "count"));
            Future<ChangeResult> second = two.submit(increment("op-" + i, "count"));
            assertThat(first.get(), is(second.get()));
        }
        assertThat(served.read("count"), is("10"));
    }

    @Test
    public void lostResponseMakesNoSecondCommit() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        served.server().setHook(onPush(first(GitServerHook.Fault.LOSE_ANSWER)));
        ChangeResult result = result(repository, increment("op", "count"));

        assertThat(served.read("count"), is("1"));
        assertThat(served.commits().size(), is(2));
        assertThat(result, is(new ChangeResult(true, served.tip(), result.trailers(), List.of("count"))));
    }

    @Test
    public void lostPushIsFoundBelowLaterPushes() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        AtomicInteger requests = new AtomicInteger();
        served.server().setHook(new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                return request.push() && !request.advertisement() && requests.getAndIncrement() == 0
                        ? Fault.LOSE_ANSWER
                        : Fault.NONE;
            }

            @Override
            public void onPush(String name, List<ReceiveCommand> commands) {
                served.commitDirectly("on top");
            }
        });
        ChangeResult result = result(repository, increment("op", "count"));
        assertThat(served.commits().size(), is(3));
        assertThat(result.revision(), is(served.commits().get(1).revision()));
        assertThat(result.changed(), is(true));
    }

    @Test
    public void lostPushIsFoundAfterTheRemoteWasSilent() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        AtomicInteger pushes = new AtomicInteger();
        AtomicInteger silences = new AtomicInteger(5);
        served.server().setHook(onAny(request -> {
            if (request.push() && !request.advertisement()) {
                pushes.incrementAndGet();
                return GitServerHook.Fault.LOSE_ANSWER;
            }
            return pushes.get() > 0 && silences.getAndDecrement() > 0 ? GitServerHook.Fault.answer(503) : NONE;
        }));
        ChangeResult result = result(repository, increment("op", "count"));
        assertThat(result.changed(), is(true));
        assertThat(pushes.get(), is(1));
        assertThat(served.commits().size(), is(2));
    }

    @Test
    public void unknownPushResultIsReportedAndFoundByTheNextAttempt() throws Exception {
        ConfigRepository repository =
                served.open(ServedRepository.withShortTimeouts(Duration.ofMillis(300), Duration.ofSeconds(10), false));
        repository.fetch();
        AtomicBoolean sent = new AtomicBoolean();
        served.server().setHook(onAny(request -> {
            if (request.push() && !request.advertisement()) {
                sent.set(true);
                return GitServerHook.Fault.LOSE_ANSWER;
            }
            return sent.get() ? GitServerHook.Fault.LOSE_REQUEST : NONE;
        }));
        GitRemoteException failure = failure(repository, increment("op", "count"));
        assertThat(
                failure.getMessage(),
                startsWith("It is not known whether the change was pushed. The connection to " + served.url()));
        assertThat(failure.isTemporary(), is(true));

        served.server().setHook(GitServerHook.NONE);
        ChangeResult result = result(repository, increment("op", "count"));
        assertThat(result.revision(), is(served.tip()));
        assertThat(served.read("count"), is("1"));
    }

    @Test
    public void aLostRequestIsSentAgain() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        served.server().setHook(onPush(first(GitServerHook.Fault.LOSE_REQUEST)));
        assertThat(result(repository, increment("op", "count")).changed(), is(true));
        assertThat(served.commits().size(), is(2));
    }

    @Test
    public void restartingServerIsRetried() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        AtomicInteger requests = new AtomicInteger();
        served.server()
                .setHook(onAny(request -> requests.getAndIncrement() < 2 ? GitServerHook.Fault.answer(502) : NONE));
        assertThat(result(repository, increment("op", "count")).changed(), is(true));
    }

    @Test
    public void pushToAConstantlyMovingBranchEndsAtTheDeadline() throws Exception {
        ConfigRepository repository =
                served.open(ServedRepository.withShortTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(10), false));
        AtomicInteger tries = new AtomicInteger();
        served.server().setHook(onPush(request -> {
            served.commitDirectly("foreign " + tries.incrementAndGet());
            return NONE;
        }));
        GitRemoteException failure = failure(repository, write("op", "a", "1"));
        assertThat(
                failure.getMessage(),
                is("Branch \"main\" of " + served.url()
                        + " kept moving while the push was retried. Try again when there are"
                        + " fewer concurrent pushes."));
        assertThat(failure.isTemporary(), is(true));
        assertThat(tries.get(), greaterThan(1));
    }

    @Test
    public void rejectedPushNamesTheServersReason() throws Exception {
        ConfigRepository repository = served.open();
        served.server().setHook(refusing("op"));
        GitRemoteException failure = failure(repository, write("op", "a", "1"));
        assertThat(
                failure.getMessage(),
                is(served.url()
                        + " rejected the push to branch \"main\": Not allowed. Nothing was written, and the push"
                        + " is not retried."));
        assertThat(failure.isTemporary(), is(false));
    }

    @Test
    public void onlyTheChangeRejectedByTheServerFails() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        PushLatch pushLatch = new PushLatch(served);
        Future<ChangeResult> first = repository.submit(increment("op-0", "count"));
        pushLatch.awaitPush();
        List<Future<ChangeResult>> futures = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            futures.add(repository.submit(increment(i == 4 ? "bad" : "op-" + i, "count")));
        }
        served.server().setHook(refusing("bad"));
        pushLatch.open();

        assertThat(first.get().changed(), is(true));
        for (int i = 1; i <= 7; i++) {
            Future<ChangeResult> future = futures.get(i - 1);
            if (i == 4) {
                ExecutionException e = assertThrows(ExecutionException.class, future::get);
                assertThat(e.getCause(), instanceOf(GitRemoteException.class));
            } else {
                assertThat(future.get().changed(), is(true));
            }
        }
        assertThat(served.read("count"), is("7"));
    }

    @Test
    public void rewrittenBranchIsFollowed() throws Exception {
        ConfigRepository repository = served.open();
        String first = repository.fetch();
        ChangeResult lost = result(repository, increment("op-1", "count"));
        WorkTreeClone other = served.other();
        other.reset(first);
        other.write("b", "1").commit("Rewrite");
        other.push(true);

        assertThat(repository.fetch(), is(other.tip()));
        assertThat(repository.contains(lost.revision()), is(true));
        assertThat(repository.isAncestor(lost.revision(), other.tip()), is(false));
        ChangeResult again = result(repository, increment("op-1", "count"));
        assertThat("what was rewritten away is written again", again.revision(), is(served.tip()));
        assertThat(served.read("count"), is("1"));
    }

    @Test
    public void branchRewrittenDuringAWriteIsFollowed() throws Exception {
        ConfigRepository repository = served.open();
        String first = repository.fetch();
        result(repository, increment("op-1", "count"));
        WorkTreeClone other = served.other();
        other.reset(first);
        other.write("b", "1").commit("Rewrite");
        other.push(true);

        ChangeResult result = result(repository, increment("op-2", "count"));
        assertThat(result.revision(), is(served.tip()));
        assertThat(served.read("count"), is("1"));
        assertThat(served.commits().size(), is(3));
    }

    private static GitServerHook onAny(Function<GitRequest, GitServerHook.Fault> fault) {
        return new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                return fault.apply(request);
            }
        };
    }

    private static GitServerHook onPush(Function<GitRequest, GitServerHook.Fault> fault) {
        return onAny(request -> request.push() && !request.advertisement() ? fault.apply(request) : NONE);
    }

    private static Function<GitRequest, GitServerHook.Fault> first(GitServerHook.Fault fault) {
        AtomicBoolean done = new AtomicBoolean();
        return request -> done.getAndSet(true) ? NONE : fault;
    }

    /** Rejects a commit, as a server's rule does. */
    private GitServerHook refusing(String operation) {
        return new GitServerHook() {
            @Override
            public void beforePush(String name, List<ReceiveCommand> commands) {
                ReceiveCommand command = commands.get(0);
                try (Repository repository = new FileRepositoryBuilder()
                                .setGitDir(served.bare().toFile())
                                .build();
                        RevWalk walk = new RevWalk(repository)) {
                    walk.markStart(walk.parseCommit(command.getNewId()));
                    walk.markUninteresting(walk.parseCommit(command.getOldId()));
                    for (RevCommit commit : walk) {
                        if (commit.getShortMessage().equals("Do " + operation)) {
                            command.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, "Not allowed");
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private static GitRemoteException failure(ConfigRepository repository, Change change) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> result(repository, change));
        assertThat(e.getCause(), instanceOf(GitRemoteException.class));
        return (GitRemoteException) e.getCause();
    }
}
