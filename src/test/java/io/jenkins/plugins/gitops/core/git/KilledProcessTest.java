package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.ChildWriter.Death;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.testkit.TcpFaultProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.junit.Rule;
import org.junit.Test;

/**
 * A process is killed at any point while it writes a change. The next process, which uses the same cache folder,
 * reports the only commit of the operation.
 */
public class KilledProcessTest {
    /** The number of parts into which the bytes of an exchange are divided, in each direction. */
    private static final int PARTS = 3;

    @Rule
    public final ServedRepository served = new ServedRepository();

    private final Map<String, Process> toKillBeforePush = new ConcurrentHashMap<>();
    private final Map<String, Process> toKillAfterPush = new ConcurrentHashMap<>();
    private final AtomicInteger killed = new AtomicInteger();

    private enum ServerKind {
        BEFORE_PUSH,
        AFTER_PUSH
    }

    /**
     * When a process is killed.
     *
     * @param cloned whether it starts with a clone
     * @param at a {@link Death}, a {@link ServerKind}, or null
     */
    private record KillPoint(
            boolean cloned,
            long toServer,
            long toClient,
            @CheckForNull Enum<?> at) {
        String branch() {
            return (cloned ? "cloned-" : "empty-") + (at == null ? toServer + "-" + toClient : at.name());
        }
    }

    @Test
    public void theNextProcessReportsTheOneCommit() throws Exception {
        served.server().setHook(killing());
        List<KillPoint> points = new ArrayList<>();
        for (boolean cloned : new boolean[] {false, true}) {
            points.addAll(pointsOfTraffic(cloned));
            for (Death death : EnumSet.range(Death.BEFORE_THE_WRITER_RUNS, Death.WHEN_TOLD)) {
                if (cloned && death == Death.BEFORE_THE_SECOND_CONNECTION) {
                    // There is only one push.
                    continue;
                }
                points.add(new KillPoint(cloned, Long.MAX_VALUE, Long.MAX_VALUE, death));
            }
            for (ServerKind serverKind : ServerKind.values()) {
                points.add(new KillPoint(cloned, Long.MAX_VALUE, Long.MAX_VALUE, serverKind));
            }
        }
        List<Callable<String>> runs = new ArrayList<>();
        points.forEach(point -> runs.add(() -> run(point)));
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<String> wrong = new ArrayList<>();
        for (Future<String> future : pool.invokeAll(runs)) {
            if (!future.get().isEmpty()) {
                wrong.add(future.get());
            }
        }
        pool.shutdown();
        assertThat(String.join("\n", wrong), wrong.size(), is(0));
        assertThat("all of them were killed", killed.get(), is(points.size()));
    }

    /** Returns points spread over all bytes of an undisturbed run, without its beginning and end. */
    private List<KillPoint> pointsOfTraffic(boolean cloned) throws Exception {
        KillPoint whole = new KillPoint(cloned, Long.MAX_VALUE, Long.MAX_VALUE, Death.NEVER);
        served.createBranch(whole.branch());
        List<KillPoint> points = new ArrayList<>();
        try (TcpFaultProxy proxy = new TcpFaultProxy(served.server().port())) {
            Path cache = cache(whole, proxy);
            Map<String, String> told = ChildWriter.told(start(whole, cache, proxy));
            assertThat(told, is(Map.of(whole.branch() + "/0", "true " + revision(whole))));
            for (int part = 0; part <= PARTS; part++) {
                // Dates, and their compressed size, differ by a few bytes from run to run.
                long up = 1 + (proxy.bytesToServer() - 40) * part / PARTS;
                long down = 1 + (proxy.bytesToClient() - 40) * part / PARTS;
                points.add(new KillPoint(cloned, up, Long.MAX_VALUE, null));
                points.add(new KillPoint(cloned, Long.MAX_VALUE, down, null));
            }
        }
        return points;
    }

    /** Returns the error; empty if there was none. */
    private String run(KillPoint point) throws Exception {
        served.createBranch(point.branch());
        try (TcpFaultProxy proxy = new TcpFaultProxy(served.server().port())) {
            Path cache = cache(point, proxy);
            CompletableFuture<Process> started = new CompletableFuture<>();
            proxy.dropAfter(point.toServer(), point.toClient(), () -> kill(started.join()));
            Process process = start(point, cache, proxy);
            started.complete(process);
            Map<String, String> told = ChildWriter.told(process);
            assertThat(process.waitFor(), is(137));
            killed.incrementAndGet();
            check(point, cache, proxy.url("config.git"));
            if (!told.isEmpty()) {
                assertThat(told, is(Map.of(point.branch() + "/0", "true " + revision(point))));
            }
            return "";
        } catch (IOException | UserErrorException | ExecutionException | AssertionError e) {
            return point + ": " + e;
        }
    }

    private void check(KillPoint point, Path cache, String url) throws Exception {
        try (ConfigRepository next = open(cache, url, point)) {
            ChangeResult result =
                    ServedRepository.result(next, ChildWriter.change(point.branch() + "/0", 0, Death.NEVER));
            assertThat(result.changed(), is(true));
            assertThat(result.revision(), is(revision(point)));
            ServedRepository.result(next, ChildWriter.change(point.branch() + "/1", 0, Death.NEVER));
            byte[] counter = next.files(next.fetch()).read("counters/c0").orElseThrow();
            assertThat(new String(counter, StandardCharsets.UTF_8), is("2"));
        }
        assertThat(served.commits(point.branch()).size(), is(3));
    }

    /** Returns the only commit of the first operation. */
    private String revision(KillPoint point) throws IOException {
        List<String> found = served.commits(point.branch()).stream()
                .filter(commit -> commit.trailers().all(Trailers.OPERATION).contains(point.branch() + "/0"))
                .map(CommitInfo::revision)
                .toList();
        assertThat("once", found.size(), is(1));
        return found.get(0);
    }

    private Path cache(KillPoint point, TcpFaultProxy proxy) throws Exception {
        Path cache = served.folder().resolve(point.branch());
        if (point.cloned()) {
            try (ConfigRepository repository = open(cache, proxy.url("config.git"), point)) {
                repository.fetch();
            }
        }
        proxy.dropAfter(Long.MAX_VALUE, Long.MAX_VALUE, () -> {});
        return cache;
    }

    private ConfigRepository open(Path cache, String url, KillPoint point) throws UserErrorException {
        return ConfigRepository.open(
                cache, url, point.branch(), ChildWriter.SCOPE, access(PASSWORD), served.writers(), QUICK);
    }

    private Process start(KillPoint point, Path cache, TcpFaultProxy proxy) throws IOException {
        Death death = point.at() instanceof Death own ? own : Death.NEVER;
        Process process = ChildWriter.start(new ChildWriter.WriterTask(
                cache, proxy.url("config.git"), point.branch(), point.branch() + "/", 1, 1, death));
        if (point.at() instanceof ServerKind serverKind) {
            (serverKind == ServerKind.BEFORE_PUSH ? toKillBeforePush : toKillAfterPush).put(point.branch(), process);
        }
        return process;
    }

    private GitServerHook killing() {
        return new GitServerHook() {
            @Override
            public void beforePush(String repository, List<ReceiveCommand> commands) {
                killOf(toKillBeforePush, commands);
            }

            @Override
            public void onPush(String repository, List<ReceiveCommand> commands) {
                killOf(toKillAfterPush, commands);
            }
        };
    }

    private static void killOf(Map<String, Process> processes, List<ReceiveCommand> commands) {
        String branch = commands.get(0).getRefName().substring(Constants.R_HEADS.length());
        Process process = processes.remove(branch);
        if (process != null) {
            kill(process);
        }
    }

    private static void kill(Process process) {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
