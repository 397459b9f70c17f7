package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.increment;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.FaultyProxy.ProxyFault;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.Rule;
import org.junit.Test;

/**
 * Every fault of a server, in every part of the exchange for a change, once and permanently. The change is pushed once
 * or not at all, its caller gets the correct result, and when the operation is requested again later it exists exactly
 * once.
 */
public class ServerFaultsTest {
    /** The timeout where the remote hangs. Elsewhere the timeout is long enough for any machine. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final GitOptions PATIENT = ServedRepository.withShortTimeouts(LONG, LONG, false);
    private static final String OPERATION = "build/7";
    /** One fault of each kind is enough for this point. */
    private static final Set<ProxyFault> SINCE_PUSH = EnumSet.of(
            ProxyFault.CLOSE_BEFORE,
            ProxyFault.CLOSE_AFTER,
            ProxyFault.HANG_BEFORE,
            ProxyFault.HANG_AFTER,
            ProxyFault.STATUS_503,
            ProxyFault.STATUS_403_AFTER,
            ProxyFault.STATUS_504_AFTER,
            ProxyFault.GARBAGE);

    private static final int BUSY_THREADS = 4;
    private static final int WAITING_THREADS = 32;
    private static final int STORM_CALLERS = 8;
    private static final int STORM_CHANGES = 10;
    private static final String NOT_KNOWN = "It is not known whether the change was pushed. ";
    private static final String AGAIN =
            ". Run it again: a change that was pushed is found by its operation ID and not written twice.";

    @Rule
    public final ServedRepository served = new ServedRepository();

    private enum FaultPoint {
        FETCH_REFS("GET /config.git/info/refs?service=git-upload-pack"),
        FETCH("POST /config.git/git-upload-pack"),
        PUSH_REFS("GET /config.git/info/refs?service=git-receive-pack"),
        PUSH("POST /config.git/git-receive-pack"),
        /** All requests from the first push on. */
        SINCE_PUSH("POST /config.git/git-receive-pack"),
        ALL("");

        private final String start;

        FaultPoint(String start) {
            this.start = start;
        }
    }

    private enum ExpectedResult {
        DONE,
        NOT_DONE,
        NOT_KNOWN
    }

    private record FaultCase(FaultPoint point, ProxyFault fault, boolean always) {
        /** Whether the clone has to be behind the remote; an up-to-date clone fetches nothing. */
        boolean behind() {
            return point == FaultPoint.FETCH_REFS || point == FaultPoint.FETCH;
        }

        Function<String, ProxyFault> faults() {
            AtomicBoolean begun = new AtomicBoolean();
            return line -> {
                boolean here = line.startsWith(point.start) || point == FaultPoint.SINCE_PUSH && begun.get();
                return here && (!begun.getAndSet(true) || always) ? fault : ProxyFault.NONE;
            };
        }

        /** Whether the case mostly waits, so that many can run in parallel. */
        boolean waits() {
            return fault.hangs() || point == FaultPoint.SINCE_PUSH;
        }

        GitOptions options() {
            boolean neverEnds = always && (fault.isTemporary() || point == FaultPoint.SINCE_PUSH);
            return ServedRepository.withShortTimeouts(neverEnds ? SHORT : LONG, fault.hangs() ? SHORT : LONG, false);
        }

        ExpectedResult expected() {
            boolean pushing = point == FaultPoint.PUSH || point == FaultPoint.SINCE_PUSH;
            boolean landed = pushing && fault.reachesServer();
            if (point == FaultPoint.SINCE_PUSH && always) {
                return ExpectedResult.NOT_KNOWN;
            }
            if (landed || !always && (fault.isTemporary() || pushing && fault != ProxyFault.STATUS_403)) {
                return ExpectedResult.DONE;
            }
            return pushing && !fault.isAnswer() ? ExpectedResult.NOT_KNOWN : ExpectedResult.NOT_DONE;
        }
    }

    @Test
    public void everyFaultAtEveryPointKeepsChangesExactlyOnce() throws Exception {
        List<FaultCase> cases = new ArrayList<>();
        for (FaultPoint point : FaultPoint.values()) {
            for (ProxyFault fault :
                    EnumSet.complementOf(EnumSet.of(ProxyFault.NONE, ProxyFault.HELD, ProxyFault.UNPACK_ERROR))) {
                if (point != FaultPoint.SINCE_PUSH || SINCE_PUSH.contains(fault)) {
                    cases.add(new FaultCase(point, fault, true));
                }
                if (point != FaultPoint.SINCE_PUSH && point != FaultPoint.ALL) {
                    cases.add(new FaultCase(point, fault, false));
                }
            }
        }
        List<String> wrong = new ArrayList<>();
        wrong.addAll(runAll(cases.stream().filter(one -> !one.waits()).toList(), BUSY_THREADS));
        wrong.addAll(runAll(cases.stream().filter(FaultCase::waits).toList(), WAITING_THREADS));
        assertThat(String.join("\n", wrong), wrong.size(), is(0));
    }

    /** Runs all cases. Returns the errors. */
    private List<String> runAll(List<FaultCase> cases, int threads) throws Exception {
        List<Callable<String>> runs = new ArrayList<>();
        cases.forEach(one -> runs.add(() -> run(one)));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<String> wrong = new ArrayList<>();
        for (Future<String> future : pool.invokeAll(runs)) {
            if (!future.get().isEmpty()) {
                wrong.add(future.get());
            }
        }
        pool.shutdown();
        return wrong;
    }

    /** Runs a case. Returns the error; empty if there was none. */
    private String run(FaultCase one) throws IOException {
        String branch = (one.point() + "-" + one.fault() + "-" + one.always()).toLowerCase(Locale.ROOT);
        served.createBranch(branch);
        try (FaultyProxy proxy = new FaultyProxy(served.server().port())) {
            ChangeResult first;
            try (ConfigRepository repository = open(proxy, branch, "one", PATIENT)) {
                repository.fetch();
            }
            if (one.behind()) {
                try (ConfigRepository other = open(proxy, branch, "other", PATIENT)) {
                    result(other, increment("other", "count"));
                }
            }
            try (ConfigRepository repository = open(proxy, branch, "one", one.options())) {
                proxy.setFaults(one.faults());
                check(one, repository, branch);
                proxy.setFaults(line -> ProxyFault.NONE);
                boolean unsaid = one.expected() == ExpectedResult.NOT_DONE;
                proxy.deliverLate();
                assertThat("arrives late after all", unsaid && revision(branch).isPresent(), is(false));
                first = result(repository, increment(OPERATION, "count"));
            }
            assertThat(first.changed(), is(true));
            assertThat(Optional.of(first.revision()), is(revision(branch)));
            try (ConfigRepository restarted = open(proxy, branch, "one", PATIENT)) {
                assertThat(result(restarted, increment(OPERATION, "count")), is(first));
            }
            return "";
        } catch (Exception | AssertionError e) {
            return one + ": " + e;
        }
    }

    private void check(FaultCase one, ConfigRepository repository, String branch) throws Exception {
        Change change = increment(OPERATION, "count");
        if (one.expected() == ExpectedResult.DONE) {
            ChangeResult result = result(repository, change);
            assertThat(result.changed(), is(true));
            assertThat(revision(branch), is(Optional.of(result.revision())));
            return;
        }
        ExecutionException e = assertThrows(ExecutionException.class, () -> result(repository, change));
        assertThat(e.getCause(), instanceOf(GitRemoteException.class));
        String message = e.getCause().getMessage();
        if (one.expected() == ExpectedResult.NOT_KNOWN) {
            assertThat(message, startsWith(NOT_KNOWN));
            assertThat(message, endsWith(AGAIN));
            assertThat(((GitRemoteException) e.getCause()).isTemporary(), is(true));
        } else {
            assertThat(message, not(startsWith(NOT_KNOWN)));
            assertThat(message, containsString(repository.url()));
            assertThat(revision(branch), is(Optional.empty()));
            assertThat(
                    ((GitRemoteException) e.getCause()).isTemporary(),
                    is(one.fault().isTemporary()));
        }
    }

    @Test
    public void pushArrivingAfterTheCheckIsNotRepeated() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(served.server().port());
                ConfigRepository repository =
                        open(proxy, "main", "one", ServedRepository.withShortTimeouts(LONG, SHORT, false))) {
            repository.fetch();
            AtomicInteger pushes = new AtomicInteger();
            proxy.setFaults(line -> {
                if (line.startsWith(FaultPoint.PUSH.start)) {
                    return pushes.getAndIncrement() == 0 ? ProxyFault.LATE : ProxyFault.NONE;
                }
                if (line.startsWith(FaultPoint.PUSH_REFS.start) && pushes.get() == 1) {
                    deliverLate(proxy);
                }
                return ProxyFault.NONE;
            });
            ChangeResult result = result(repository, increment(OPERATION, "count"));
            assertThat(Optional.of(result.revision()), is(revision("main")));
            assertThat(result.changed(), is(true));
            assertThat(served.read("count"), is("1"));
            assertThat("the second was not even sent", pushes.get(), is(1));
        }
    }

    /** While the first push is still on its way, the second one has already reached the server. */
    @Test
    public void pushArrivingDuringTheNextOneIsNotRepeated() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(served.server().port());
                ConfigRepository repository =
                        open(proxy, "main", "one", ServedRepository.withShortTimeouts(LONG, SHORT, false))) {
            repository.fetch();
            AtomicInteger pushes = new AtomicInteger();
            proxy.setFaults(line -> {
                if (!line.startsWith(FaultPoint.PUSH.start)) {
                    return ProxyFault.NONE;
                }
                if (pushes.getAndIncrement() == 0) {
                    return ProxyFault.LATE;
                }
                deliverLate(proxy);
                return ProxyFault.NONE;
            });
            ChangeResult result = result(repository, increment(OPERATION, "count"));
            assertThat(Optional.of(result.revision()), is(revision("main")));
            assertThat(served.read("count"), is("1"));
            assertThat(pushes.get(), is(2));
        }
    }

    @Test
    public void planRejectedAfterAmbiguousPushReportsUnknown() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(served.server().port());
                ConfigRepository repository =
                        open(proxy, "main", "one", ServedRepository.withShortTimeouts(LONG, SHORT, false))) {
            repository.fetch();
            AtomicBoolean planned = new AtomicBoolean();
            Change change = new Change(OPERATION, ServedRepository.AUTHOR, tip -> {
                if (planned.getAndSet(true)) {
                    throw new UserErrorException("The window has closed", "Wait for the next one");
                }
                return ServedRepository.plan(OPERATION, Map.of("count", "1"));
            });
            proxy.setFaults(line -> line.startsWith(FaultPoint.PUSH.start) ? ProxyFault.LATE : ProxyFault.NONE);
            ExecutionException e = assertThrows(ExecutionException.class, () -> result(repository, change));
            assertThat(
                    e.getCause().getMessage(), is(NOT_KNOWN + "The window has closed. Wait for the next one" + AGAIN));
            proxy.setFaults(line -> ProxyFault.NONE);
            proxy.deliverLate();
            assertThat(Optional.of(result(repository, change).revision()), is(revision("main")));
        }
    }

    @Test
    public void fetchNeverReturnsAStateOlderThanItsRequest() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(served.server().port());
                ConfigRepository repository = open(proxy, "main", "one", PATIENT)) {
            repository.fetch();
            AtomicBoolean begun = new AtomicBoolean();
            proxy.setFaults(line -> line.startsWith(FaultPoint.FETCH.start) && !begun.getAndSet(true)
                    ? ProxyFault.HELD
                    : ProxyFault.NONE);
            Future<String> before = served.writers().submit(repository::fetch);
            proxy.awaitHeld();
            served.commitDirectly("after the server told its branches");
            AtomicReference<String> after = new AtomicReference<>();
            Thread asking = new Thread(() -> after.set(fetch(repository)));
            asking.start();
            while (asking.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            proxy.release();
            asking.join();

            assertThat(after.get(), is(served.tip()));
            assertThat(before.get(), is(served.commits().get(1).revision()));
        }
    }

    private static String fetch(ConfigRepository repository) {
        try {
            return repository.fetch();
        } catch (GitRemoteException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A third of all requests fail while two controllers write through the same network. */
    @Test
    public void manyFaultsLoseAndDuplicateNothing() throws Exception {
        List<ProxyFault> kinds = EnumSet.allOf(ProxyFault.class).stream()
                .filter(fault -> fault.isTemporary() && !fault.hangs())
                .filter(fault -> !EnumSet.of(ProxyFault.NONE, ProxyFault.HELD, ProxyFault.UNPACK_ERROR)
                        .contains(fault))
                .toList();
        Random random = new Random(7);
        Map<String, String> told = new ConcurrentHashMap<>();
        try (FaultyProxy proxy = new FaultyProxy(served.server().port());
                ConfigRepository one = open(proxy, "main", "one", PATIENT);
                ConfigRepository two = open(proxy, "main", "two", PATIENT)) {
            proxy.setFaults(line -> {
                synchronized (random) {
                    return random.nextInt(3) > 0 ? ProxyFault.NONE : kinds.get(random.nextInt(kinds.size()));
                }
            });
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < STORM_CALLERS; i++) {
                String caller = "caller-" + i + "/";
                ConfigRepository repository = i % 2 == 0 ? one : two;
                callers.add(served.writers().submit(() -> {
                    for (int change = 0; change < STORM_CHANGES; change++) {
                        told.put(caller + change, retryUntilReported(repository, caller + change));
                    }
                    return null;
                }));
            }
            for (Future<?> caller : callers) {
                caller.get(2, TimeUnit.MINUTES);
            }
        }
        Map<String, String> landed = new HashMap<>();
        for (CommitInfo commit : served.commits()) {
            commit.trailers()
                    .all(Trailers.OPERATION)
                    .forEach(id -> assertThat("once: " + id, landed.put(id, commit.revision()) == null, is(true)));
        }
        assertThat(told, is(landed));
        assertThat(told.size(), is(STORM_CALLERS * STORM_CHANGES));
        assertThat(served.read("count"), is(String.valueOf(STORM_CALLERS * STORM_CHANGES)));
    }

    /**
     * Repeats the operation as the message advises, until its revision is reported; a failed one must not exist.
     * Returns the revision.
     */
    private String retryUntilReported(ConfigRepository repository, String operation) throws Exception {
        boolean mayBeThere = false;
        while (true) {
            try {
                ChangeResult result = result(repository, increment(operation, "count"));
                assertThat(result.changed(), is(true));
                return result.revision();
            } catch (ExecutionException e) {
                assertThat(e.getCause(), instanceOf(GitRemoteException.class));
                mayBeThere |= e.getCause().getMessage().startsWith(NOT_KNOWN);
                if (!mayBeThere) {
                    assertThat(
                            operation + " is there, but: " + e.getCause().getMessage(),
                            served.commits().stream().noneMatch(commit -> commit.trailers()
                                    .all(Trailers.OPERATION)
                                    .contains(operation)),
                            is(true));
                }
            }
        }
    }

    private static void deliverLate(FaultyProxy proxy) {
        try {
            proxy.deliverLate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the commit of the operation on the server. */
    private Optional<String> revision(String branch) throws IOException {
        List<String> found = served.commits(branch).stream()
                .filter(c -> c.trailers().all(Trailers.OPERATION).contains(OPERATION))
                .map(CommitInfo::revision)
                .toList();
        assertThat("never twice", found.size(), is(lessThanOrEqualTo(1)));
        return found.stream().findFirst();
    }

    private ConfigRepository open(FaultyProxy proxy, String branch, String scope, GitOptions options)
            throws UserErrorException {
        return ConfigRepository.open(
                served.cache(), proxy.url("config.git"), branch, scope, access(PASSWORD), served.writers(), options);
    }
}
