package io.jenkins.plugins.gitops.bench;

import static io.jenkins.plugins.gitops.agent.bench.BenchmarkRow.Ratio.OURS_BY_PEER;

import hudson.util.Secret;
import io.jenkins.plugins.gitops.agent.bench.BenchmarkRow;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;
import org.jvnet.hudson.test.TestExtension;

/**
 * Measures the cost of 10,000 waiting steps, compared with as many {@code sleep} steps. Not a test, since no number
 * makes it fail; started by {@code scripts/bench}.
 */
public class AwaitBench {
    private static final int WAITS = Integer.getInteger("gitops.bench.waits", 10_000);
    /**
     * Independent of the number of waits, so that reports have the same size. With 10,000 waits, two steps wait for
     * each target.
     */
    private static final int TARGETS = 5_000;

    private static final String PREFIX = System.getProperty("gitops.bench.name", "");
    private static final String NAME = "await-" + WAITS + "-";
    private static final int REPORTS = 200;
    private static final int SLEEP_MILLIS = 10_000;
    private static final double MILLI = 1e6;
    private static final long CPU_SECONDS = Long.getLong("gitops.bench.cpu", 120);

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private GitHttpServer git;
    private BenchRepository repository;
    private String url;
    private List<Double> sleepOvershoot = List.of();

    @Before
    public void repository() throws Exception {
        Path bare = folder.getRoot().toPath().resolve("config.git");
        repository = BenchRepository.create(bare, TARGETS);
        git = GitHttpServer.start(folder.getRoot().toPath(), null, null, 0);
        url = git.url("config.git");
    }

    @After
    public void close() {
        git.close();
    }

    @Test
    public void measure() throws Throwable {
        sessions.then(this::waiting);
        sessions.then(this::restarted);
    }

    /** The harness finds extensions only in the class that it runs. */
    @TestExtension
    public static final class BenchHeadListener extends ResumeWatch.BranchHeadListener {}

    @TestExtension
    public static final class BenchStepListener extends ResumeWatch.StepStartListener {}

    @TestExtension
    public static final class BenchRunListener extends ResumeWatch.RunLoadListener {}

    private void configure() {
        List<AgentConfiguration> agents = new ArrayList<>();
        for (int i = 0; i < BenchRepository.ENVIRONMENTS; i++) {
            AgentConfiguration agent =
                    new AgentConfiguration(AgentFleet.agent(i), Secret.fromString(AgentFleet.SECRET));
            agent.setEnvironments(BenchRepository.environment(i));
            agents.add(agent);
        }
        GitopsConfiguration.get().setAgents(agents);
        GitopsConfiguration.get().setRepositories(List.of(new RepositoryConfiguration("config", url)));
    }

    private String awaitStep() {
        return "gitopsAwaitSync(app: 'app-' + (at %% %1$d).intdiv(%2$d), env: 'env-' + (at %% %2$d), revision: '%3$s', timeout: '48h')"
                .formatted(TARGETS, BenchRepository.ENVIRONMENTS, repository.after());
    }

    private RunWave waits(String name, int steps) throws Exception {
        int before = WaitRegistry.get().size();
        long begin = System.nanoTime();
        RunWave wave = RunWave.start(name, steps, awaitStep());
        RunWave.until(() -> WaitRegistry.get().size() == before + steps);
        note(steps + " waits started in " + (System.nanoTime() - begin) / 1_000_000_000 + " s");
        return wave;
    }

    private void waiting(JenkinsRule j) throws Exception {
        j.jenkins.setNumExecutors(0);
        configure();
        // A long interval, so that no agent becomes stale while something else is measured.
        new AgentFleet(j.getURL().toString(), url, repository, 3600).reportAll();
        // Loads what stays in memory: classes, the clone, the graph of one run.
        waits("warm", 100).end();
        RunWave.start("warm-sleep", 100, "sleep(time: 2, unit: 'DAYS')").end();

        ProcessGauge.Measurement before = ProcessGauge.read();
        long begin = System.nanoTime();
        RunWave sleeps = RunWave.start("sleep", WAITS, "sleep(time: 2, unit: 'DAYS')");
        note(WAITS + " sleeps started in " + (System.nanoTime() - begin) / 1_000_000_000 + " s");
        ProcessGauge.Measurement sleeping = ProcessGauge.read();
        sleepOvershoot = overshoot();
        sleeps.end();

        ProcessGauge.Measurement between = ProcessGauge.read();
        waits("await", WAITS);
        ProcessGauge.Measurement waiting = ProcessGauge.read();

        note("threads asleep: " + sleeping.names());
        note("threads waiting: " + waiting.names());
        note("bytes a step by class, sleep:\n" + ProcessGauge.perStep(before.classes(), sleeping.classes(), WAITS));
        note("bytes a step by class, await:\n" + ProcessGauge.perStep(between.classes(), waiting.classes(), WAITS));
        print(new BenchmarkRow(NAME + "threads", "", OURS_BY_PEER, 1).line(waiting.threads(), sleeping.threads()));
        double sleep = each(before, sleeping);
        double await = each(between, waiting);
        note(String.format("heap a step: sleep %.0f B, await %.0f B", sleep, await));
        print(new BenchmarkRow(NAME + "heap", "B", OURS_BY_PEER, 1).line(List.of(await - sleep), List.of(2048.0)));
        ResumeWatch.restarting();
    }

    private static double each(ProcessGauge.Measurement without, ProcessGauge.Measurement with) {
        return (BenchmarkRow.median(with.heap()) - BenchmarkRow.median(without.heap())) / WAITS;
    }

    /** Returns how late sleeping steps wake up while the others sleep on, in ms. */
    private static List<Double> overshoot() throws Exception {
        RunWave.start("short", 2 * REPORTS, "sleep(time: " + SLEEP_MILLIS + " + (at % 100) * 50, unit: 'MILLISECONDS')")
                .join();
        List<Double> late = new ArrayList<>();
        for (int i = 0; i < 2 * REPORTS; i++) {
            String name = "short-" + i;
            long due = ResumeWatch.BEGUN.get(name) + TimeUnit.MILLISECONDS.toNanos(SLEEP_MILLIS + i % 100 * 50L);
            late.add((ResumeWatch.ENDED.get(name) - due) / MILLI);
        }
        return late;
    }

    private void restarted(JenkinsRule j) throws Exception {
        int runs = (WAITS + 99) / 100;
        RunWave.until(() -> ResumeWatch.loaded() == runs);
        RunWave.until(() -> WaitRegistry.get().size() == WAITS);
        double late = Math.max(0, System.nanoTime() - ResumeWatch.lastLoaded()) / MILLI;
        print(new BenchmarkRow(NAME + "restart", "ms", OURS_BY_PEER, 1).line(List.of(late), List.of(2000.0)));

        AgentFleet fleet = new AgentFleet(j.getURL().toString(), url, repository, 3600);
        fleet.reportAll();
        TimeUnit.SECONDS.sleep(10);
        List<Double> resumed = resumed(fleet);
        note("report to resumed step, ms: " + spread(resumed));
        note("sleep's own lateness, ms: " + spread(sleepOvershoot));
        print(new BenchmarkRow(NAME + "resume", "ms", OURS_BY_PEER, 1).line(List.of(p99(resumed)), List.of(100.0)));
        reportsCost(j);
    }

    /** Makes one target after the other live. Returns the ms until each of the steps that wait for it has continued. */
    private List<Double> resumed(AgentFleet fleet) throws Exception {
        List<Integer> targets = new ArrayList<>();
        for (int i = 0; i < Math.min(TARGETS, WAITS); i++) {
            targets.add(i);
        }
        Random random = new Random(7);
        Collections.shuffle(targets, random);
        List<Double> times = new ArrayList<>();
        for (int target : targets.subList(0, Math.min(REPORTS, targets.size() / 2))) {
            int environment = BenchRepository.environmentOf(target);
            fleet.live(target);
            byte[] body = fleet.body(environment);
            long begin = System.nanoTime();
            fleet.send(AgentFleet.agent(environment), body);
            for (int at = target; at < WAITS; at += TARGETS) {
                String name = "await-" + at;
                RunWave.until(() -> ResumeWatch.ENDED.containsKey(name));
                times.add((ResumeWatch.ENDED.get(name) - begin) / MILLI);
            }
            Thread.sleep(50 + random.nextInt(100));
        }
        return times;
    }

    private void reportsCost(JenkinsRule j) throws Exception {
        Process agents = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AgentFleet.class.getName(),
                        j.getURL().toString(),
                        url,
                        String.valueOf(TARGETS),
                        repository.before(),
                        repository.after())
                .inheritIO()
                .start();
        try {
            TimeUnit.SECONDS.sleep(CPU_SECONDS / 2);
            List<Double> percent = new ArrayList<>();
            long rounds = Math.max(5, CPU_SECONDS / AgentFleet.INTERVAL_SECONDS);
            for (int i = 0; i < rounds; i++) {
                long processor = ProcessGauge.processorTime();
                long begin = System.nanoTime();
                TimeUnit.SECONDS.sleep(AgentFleet.INTERVAL_SECONDS);
                percent.add(100.0 * (ProcessGauge.processorTime() - processor) / (System.nanoTime() - begin));
            }
            if (!agents.isAlive()) {
                throw new AssertionError("the agents ended");
            }
            note(WaitRegistry.get().size() + " waits, percent of a core in each interval: " + spread(percent) + " "
                    + percent);
            double mean = percent.stream().mapToDouble(p -> p).average().orElseThrow();
            print(new BenchmarkRow("await-reports-cpu", "%", OURS_BY_PEER, 1).line(List.of(mean), List.of(5.0)));
        } finally {
            agents.destroyForcibly().waitFor();
        }
    }

    private static double p99(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
    }

    private static String spread(List<Double> values) {
        return String.format(
                "median %.1f p99 %.1f most %.1f of %d",
                BenchmarkRow.median(values), p99(values), Collections.max(values), values.size());
    }

    private static void print(io.jenkins.plugins.gitops.agent.bench.Bench.PrintedRow printedRow) {
        if (printedRow.name().startsWith(PREFIX)) {
            System.out.println(printedRow.text());
        }
    }

    private static void note(String text) {
        System.err.println(text.lines()
                .map(l -> "bench# " + l)
                .reduce((a, b) -> a + "\n" + b)
                .orElse(""));
    }
}
