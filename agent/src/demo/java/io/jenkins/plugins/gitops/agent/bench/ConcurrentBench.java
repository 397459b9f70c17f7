package io.jenkins.plugins.gitops.agent.bench;

import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures how many of two hundred concurrent changes, four from each of fifty callers, land in a second, with and
 * without another program that pushes. The bench fails unless each change lands exactly once.
 */
final class ConcurrentBench implements Bench.Rows {
    private static final int CALLERS = 50;
    private static final int CHANGES = 4;
    private static final int WARM_UP = 3;
    private static final int ROUNDS = 5;
    private static final int FOREIGN_MILLIS = 200;
    /** With more callers, the shell loses most of its races and does not finish. */
    private static final int SHELL_CALLERS = 5;

    private static final double SHELL_GOAL = 20;

    private final int applications;
    private final double leastRate;
    private int run;

    private final List<Double> alone = new ArrayList<>();
    private final List<Double> withForeign = new ArrayList<>();
    private final List<Double> heap = new ArrayList<>();
    private final List<Double> shell = new ArrayList<>();

    /**
     * Creates the rows for one repository size.
     *
     * @param applications the number of applications in the repository
     * @param leastRate the goal without another program that pushes, in changes per second
     */
    ConcurrentBench(int applications, double leastRate) {
        this.applications = applications;
        this.leastRate = leastRate;
    }

    private String name(String kind) {
        return "concurrent-" + applications + kind;
    }

    @Override
    public List<String> names() {
        return List.of(name(""), name("-rate"), name("-foreign"), name("-heap"));
    }

    @Override
    public List<Bench.PrintedRow> run(Path work, Set<String> wanted) throws Exception {
        boolean git = ProcessRunner.hasGit();
        String kustomize = git && wanted.contains(name("")) ? ProcessRunner.kustomize() : null;
        Path bare = Files.createDirectories(work.resolve("bare"));
        GeneratedRepository.create(bare.resolve("config.git"), applications);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (CGitServer server = new CGitServer(bare, CGitServer.HTTP);
                ConfigRepository repository = server.clone(work.resolve("cache"), threads)) {
            repository.fetch();
            for (int i = 0; i < WARM_UP + ROUNDS; i++) {
                round(work, threads, server, repository, i >= WARM_UP, git && wanted.contains(name("-foreign")));
            }
            if (kustomize != null) {
                shell.add(shell(work, threads, server.url("config.git"), kustomize));
            }
        } finally {
            threads.shutdownNow();
        }
        List<Bench.PrintedRow> lines = new ArrayList<>();
        lines.add(new BenchmarkRow(name("-rate"), "/s", BenchmarkRow.Ratio.RATE, 1).line(alone, List.of(leastRate)));
        lines.add(new BenchmarkRow(name(""), "/s", BenchmarkRow.Ratio.RATE, SHELL_GOAL)
                .line(alone, shell.isEmpty() ? null : shell));
        if (!withForeign.isEmpty()) {
            lines.add(new BenchmarkRow(name("-foreign"), "/s", BenchmarkRow.Ratio.RATE, 1).line(withForeign, null));
        }
        lines.add(new BenchmarkRow(name("-heap"), "MiB", BenchmarkRow.Ratio.OURS_BY_PEER, 1).line(heap, null));
        return lines;
    }

    private void round(
            Path work,
            ExecutorService threads,
            CGitServer server,
            ConfigRepository repository,
            boolean counts,
            boolean foreign)
            throws Exception {
        resetPeaks();
        double rate = all(threads, repository);
        if (counts) {
            alone.add(rate);
            heap.add(peakMebibytes());
        }
        if (!foreign) {
            return;
        }
        AtomicBoolean enough = new AtomicBoolean();
        Future<?> other = threads.submit(pushNowAndThen(work.resolve("foreign.git"), server.url("config.git"), enough));
        double disturbed = all(threads, repository);
        enough.set(true);
        other.get();
        if (counts) {
            withForeign.add(disturbed);
        }
    }

    /** Runs all changes and returns the rate in changes per second. */
    private double all(ExecutorService threads, ConfigRepository repository) throws Exception {
        int number = run++;
        List<Callable<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = caller * CHANGES;
            callers.add(() -> {
                for (int i = first; i < first + CHANGES; i++) {
                    String app = GeneratedRepository.name(i * 7 % applications);
                    String id = number + "-" + i;
                    if (!repository
                            .submit(SetImageBench.change(id, app, "c" + id))
                            .get()
                            .changed()) {
                        throw new IllegalStateException(id + " changed nothing");
                    }
                }
                return null;
            });
        }
        long start = System.nanoTime();
        for (Future<Void> caller : threads.invokeAll(callers)) {
            caller.get();
        }
        double seconds = PeerScripts.millis(start) / 1e3;
        check(repository, number);
        return CALLERS * CHANGES / seconds;
    }

    /** Requires that each change landed exactly once. */
    private static void check(ConfigRepository repository, int number) throws Exception {
        Set<String> found = new HashSet<>();
        for (CommitInfo commit : repository.log(repository.fetch(), "", 4 * CALLERS * CHANGES)) {
            for (String id : commit.trailers().all(Trailers.OPERATION)) {
                if (id.startsWith(number + "-") && !found.add(id)) {
                    throw new IllegalStateException(id + " landed twice");
                }
            }
        }
        if (found.size() != CALLERS * CHANGES) {
            throw new IllegalStateException("only " + found.size() + " changes landed");
        }
    }

    private static Callable<Void> pushNowAndThen(Path clone, String url, AtomicBoolean enough) {
        return () -> {
            for (int i = 0; !enough.get(); i++) {
                try {
                    PeerScripts.push(clone, url, "foreign " + i);
                } catch (IOException e) {
                    // Lost the race; the loop tries again with the next commit.
                }
                TimeUnit.MILLISECONDS.sleep(FOREIGN_MILLIS);
            }
            return null;
        };
    }

    private double shell(Path work, ExecutorService threads, String url, String kustomize) throws Exception {
        List<Callable<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < SHELL_CALLERS; caller++) {
            Path clone = work.resolve("shell-" + caller);
            String app = GeneratedRepository.name(caller);
            callers.add(() -> {
                PeerScripts.setImage(clone, url, app, "shell", kustomize);
                return null;
            });
        }
        long start = System.nanoTime();
        for (Future<Void> caller : threads.invokeAll(callers)) {
            caller.get();
        }
        return SHELL_CALLERS / (PeerScripts.millis(start) / 1e3);
    }

    private static List<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    private static void resetPeaks() {
        System.gc();
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static double peakMebibytes() {
        return heapPools().stream()
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / (double) (1 << 20);
    }
}
