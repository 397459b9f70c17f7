package io.jenkins.plugins.gitops.agent.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.TestRepository;
import io.jenkins.plugins.gitops.agent.bench.BenchmarkRow;
import io.jenkins.plugins.gitops.agent.bench.BenchmarkRow.Ratio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The rows {@code agent-...}; see docs/benchmarks.md. Its name keeps it out of the tests. */
public class AgentSyncBench {
    private static final int APPLICATIONS = 200;
    private static final int ROUNDS = Integer.getInteger("gitops.bench.rounds", 5);
    private static final int LIMIT_MEBIBYTES = 512;
    private static final double SHELL_TIME_GOAL = 3;
    private static final double SHELL_CPU_GOAL = 10;
    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final KubernetesClient client = ControlPlane.shared().client();
    private final String prefix = System.getProperty("gitops.bench.name", "");
    private final Measures first = new Measures();
    private final Measures restart = new Measures();
    private final Measures shell = new Measures();

    /** The measurements of all rounds, one value each. */
    private static final class Measures {
        private final List<Double> seconds = new ArrayList<>();
        private final List<Double> cpuSeconds = new ArrayList<>();
        private final List<Double> peakMebibytes = new ArrayList<>();
        private final List<Double> serverCpuSeconds = new ArrayList<>();
    }

    @Test
    public void measure() throws Exception {
        ShellPeer peer = ShellPeer.find();
        long now = System.currentTimeMillis();
        for (int round = 0; round < ROUNDS; round++) {
            ours(new GeneratedApplications(APPLICATIONS, "ours-" + now + "-" + round, 1));
            if (peer != null) {
                shell(peer, new GeneratedApplications(APPLICATIONS, "shell-" + now + "-" + round, 1));
            }
        }
        String name = "agent-first-sync-" + APPLICATIONS;
        List<Double> limit = List.of((double) LIMIT_MEBIBYTES);
        print(name, "s", Ratio.PEER_BY_OURS, SHELL_TIME_GOAL, first.seconds, shell.seconds);
        print(name + "-cpu", "s", Ratio.PEER_BY_OURS, SHELL_CPU_GOAL, first.cpuSeconds, shell.cpuSeconds);
        print(name + "-rss", "MiB", Ratio.OURS_BY_PEER, 1, first.peakMebibytes, limit);
        print(name + "-apiserver-cpu", "s", Ratio.OURS_BY_PEER, 1, first.serverCpuSeconds, shell.serverCpuSeconds);
        name = "agent-restart-" + APPLICATIONS;
        print(name, "s", Ratio.OURS_BY_PEER, 1, restart.seconds, List.of());
        print(name + "-cpu", "s", Ratio.OURS_BY_PEER, 1, restart.cpuSeconds, List.of());
        print(name + "-rss", "MiB", Ratio.OURS_BY_PEER, 1, restart.peakMebibytes, limit);
        print(name + "-apiserver-cpu", "s", Ratio.OURS_BY_PEER, 1, restart.serverCpuSeconds, List.of());
    }

    private void print(String name, String unit, Ratio ratio, double goal, List<Double> ours, List<Double> peer) {
        if (name.startsWith(prefix) && !ours.isEmpty()) {
            System.out.println(new BenchmarkRow(name, unit, ratio, goal)
                    .line(ours, peer.isEmpty() ? null : peer)
                    .text());
        }
    }

    /** Measures one process that finds nothing in place, and one that finds everything in place. */
    private void ours(GeneratedApplications applications) throws Exception {
        Path state = folder.newFolder().toPath();
        try (TestRepository repository = TestRepository.of(folder.newFolder().toPath(), applications.files())) {
            run(first, state, repository, () -> deployments(applications).size() == APPLICATIONS, applications);
            run(restart, state, repository, () -> true, applications);
        }
        delete(applications.namespace());
    }

    private void run(
            Measures measures,
            Path state,
            TestRepository repository,
            Callable<Boolean> applied,
            GeneratedApplications applications)
            throws Exception {
        double serverBefore = serverCpuSeconds();
        long start = System.nanoTime();
        try (AgentProcess agent =
                AgentProcess.start(AgentProcess.imageOptions(LIMIT_MEBIBYTES), state, repository.url())) {
            Awaitility.await().atMost(TIMEOUT).until(() -> {
                agent.requireAlive();
                return agent.isReady() && applied.call();
            });
            measures.seconds.add(secondsSince(start));
            awaitAvailable(applications);
            ProcessUsage usage = agent.usage();
            measures.cpuSeconds.add(usage.cpuSeconds());
            measures.peakMebibytes.add(usage.peakMebibytes());
            measures.serverCpuSeconds.add(serverCpuSeconds() - serverBefore);
        }
    }

    private void shell(ShellPeer peer, GeneratedApplications applications) throws Exception {
        Path clone = folder.newFolder().toPath();
        for (Map.Entry<String, String> file : applications.files().entrySet()) {
            Path path = clone.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        double serverBefore = serverCpuSeconds();
        long start = System.nanoTime();
        double cpuSeconds = peer.apply(clone, applications.namespace());
        shell.seconds.add(secondsSince(start));
        shell.cpuSeconds.add(cpuSeconds);
        awaitAvailable(applications);
        shell.serverCpuSeconds.add(serverCpuSeconds() - serverBefore);
        delete(applications.namespace());
    }

    /**
     * Waits for the rollouts, so that every measurement includes their share of the server's work and the next one
     * begins idle.
     */
    private void awaitAvailable(GeneratedApplications applications) throws Exception {
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> deployments(applications).stream()
                                .filter(available -> available)
                                .count()
                        == APPLICATIONS);
    }

    /** Returns whether each Deployment is available. */
    private List<Boolean> deployments(GeneratedApplications applications) {
        return client.apps().deployments().inNamespace(applications.namespace()).list().getItems().stream()
                .map(deployment ->
                        Integer.valueOf(1).equals(deployment.getStatus().getAvailableReplicas()))
                .toList();
    }

    private void delete(String namespace) throws Exception {
        client.namespaces().withName(namespace).delete();
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> client.namespaces().withName(namespace).get() == null);
    }

    /** Returns the CPU time of the API server that kube/up has started. */
    private static double serverCpuSeconds() throws IOException {
        Path processes = ControlPlane.shared().kubeconfig().resolveSibling("processes");
        String line = Files.readAllLines(processes).stream()
                .filter(process -> process.endsWith(" kube-apiserver"))
                .findFirst()
                .orElseThrow(() -> new IOException("no kube-apiserver in " + processes));
        return ProcessUsage.of(Long.parseLong(line.split(" ")[0])).cpuSeconds();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
