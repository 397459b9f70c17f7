package io.jenkins.plugins.gitops.agent.bench;

import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.SetImagePlanner;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures one warm change from call to result, interleaved with {@code git push} of a commit that already exists (the
 * floor) and with a pipeline's usual commands (the shell), all against the same repository on the same server.
 */
final class SetImageBench implements Bench.Rows {
    private static final int WARM_UP = 40;
    private static final int ROUNDS = 21;
    /** The shell takes seconds where the others take milliseconds, so it runs fewer rounds. */
    private static final int SHELL_ROUNDS = 5;

    private static final double FLOOR_GOAL = 1.2;
    private static final double ADDED_MILLIS = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Map<Integer, Double> SHELL_GOALS = Map.of(50, 3.0, 500, 15.0, 5_000, 60.0);

    private final int applications;
    private final String transport;

    private final List<Double> ours = new ArrayList<>();
    /** CPU time of our thread, which makes the whole change; the rest is waiting for the server. */
    private final List<Double> added = new ArrayList<>();

    private final List<Double> floor = new ArrayList<>();
    private final List<Double> shell = new ArrayList<>();

    SetImageBench(int applications, String transport) {
        this.applications = applications;
        this.transport = transport;
    }

    private String name(String kind) {
        return "set-image-" + applications + "-" + transport + "-" + kind;
    }

    @Override
    public List<String> names() {
        return List.of(name("floor"), name("shell"), name("added"));
    }

    @Override
    public List<Bench.PrintedRow> run(Path work, Set<String> wanted) throws Exception {
        boolean git = ProcessRunner.hasGit();
        String kustomize = git && wanted.contains(name("shell")) ? ProcessRunner.kustomize() : null;
        Path bare = Files.createDirectories(work.resolve("bare"));
        GeneratedRepository.create(bare.resolve("config.git"), applications);
        try (CGitServer server = new CGitServer(bare, transport);
                ConfigRepository repository = server.clone(work.resolve("cache"), Runnable::run)) {
            repository.fetch();
            for (int i = 0; i < WARM_UP + ROUNDS; i++) {
                boolean counts = i >= WARM_UP;
                change(repository, i, counts);
                if (git && counts) {
                    floor.add(PeerScripts.push(work.resolve("floor.git"), server.url("config.git"), "floor " + i));
                }
                if (kustomize != null && counts && i < WARM_UP + SHELL_ROUNDS) {
                    shell.add(PeerScripts.setImage(
                            work.resolve("shell"), server.url("config.git"), app(i + 1), "s" + i, kustomize));
                }
                repository.fetch();
            }
        }
        return lines(git, kustomize != null);
    }

    private List<Bench.PrintedRow> lines(boolean git, boolean kustomize) {
        List<Bench.PrintedRow> lines = new ArrayList<>();
        lines.add(new BenchmarkRow(name("floor"), "ms", BenchmarkRow.Ratio.OURS_BY_PEER, FLOOR_GOAL)
                .line(ours, git ? floor : null));
        lines.add(new BenchmarkRow(
                        name("shell"),
                        "ms",
                        BenchmarkRow.Ratio.PEER_BY_OURS,
                        SHELL_GOALS.getOrDefault(applications, 1.0))
                .line(ours, kustomize ? shell : null));
        lines.add(new BenchmarkRow(name("added"), "ms", BenchmarkRow.Ratio.OURS_BY_PEER, 1)
                .line(added, List.of(ADDED_MILLIS)));
        return lines;
    }

    private String app(int round) {
        return GeneratedRepository.name(round * 7 % applications);
    }

    private void change(ConfigRepository repository, int round, boolean counts) throws Exception {
        Change change = change("ours-" + round, app(round), "v" + round);
        long worked = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        if (!repository.submit(change).get().changed()) {
            throw new IllegalStateException("nothing was changed");
        }
        double took = PeerScripts.millis(start);
        if (counts) {
            ours.add(took);
            added.add((THREADS.getCurrentThreadCpuTime() - worked) / 1e6);
        }
    }

    static Change change(String operation, String app, String tag) {
        return new Change(
                operation,
                new Author("bench", "bench@example.com"),
                new SetImagePlanner(
                        app,
                        "dev",
                        new ImageRequest(null, tag, null),
                        new ChangeMetadata(operation, null, "bench", null)));
    }
}
