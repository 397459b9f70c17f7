package io.jenkins.plugins.gitops.agent;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.AgentConfig.ClusterAccess;
import io.jenkins.plugins.gitops.agent.AgentConfig.Intervals;
import io.jenkins.plugins.gitops.agent.AgentConfig.Jenkins;
import io.jenkins.plugins.gitops.agent.cluster.AllowedResources;
import io.jenkins.plugins.gitops.agent.embedded.EmbeddedCluster;
import io.jenkins.plugins.gitops.agent.ownership.ReplacedManagers;
import io.jenkins.plugins.gitops.agent.reconcile.IdentityGuard;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** An agent of the dev environment that follows the example repository, on an embedded cluster or on another one. */
final class RunningAgent extends ExternalResource {
    private static final String EXAMPLE_URL = "https://git.example.com/gitops-platform.git";
    private static final long ROOM_SECONDS = 120;

    private final TemporaryFolder folder = new TemporaryFolder();
    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final String name;
    private final Supplier<Config> elsewhere;
    private TestRepository repository;
    private EmbeddedCluster cluster;
    private Agent agent;

    /** On an embedded cluster. */
    RunningAgent() {
        this(null);
    }

    /** On a cluster that is there already. */
    RunningAgent(Supplier<Config> elsewhere) {
        this("dev", elsewhere);
    }

    /** One of several agents on a cluster that is there already. */
    RunningAgent(String name, Supplier<Config> elsewhere) {
        this.name = name;
        this.elsewhere = elsewhere;
    }

    @Override
    protected void before() throws Throwable {
        folder.create();
        Path repositories = folder.newFolder("repositories").toPath();
        repository = TestRepository.example(repositories);
        if (elsewhere == null) {
            cluster = EmbeddedCluster.start("dev", Duration.ofMillis(20));
        }
    }

    @Override
    protected void after() {
        stop();
        if (cluster != null) {
            cluster.close();
        }
        repository.close();
        folder.delete();
    }

    TestRepository repository() {
        return repository;
    }

    EmbeddedCluster cluster() {
        return cluster;
    }

    KubernetesClient client() {
        return cluster.client();
    }

    Agent agent() {
        return agent;
    }

    Path folder() {
        return folder.getRoot().toPath();
    }

    /** The lines that the agent told so far. */
    List<String> progress() {
        return progress;
    }

    AgentConfig config(Jenkins jenkins) {
        return config(jenkins, AllowedResources.ALL);
    }

    private AgentConfig config(Jenkins jenkins, AllowedResources allowed) {
        Intervals quick = new Intervals(
                Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(200));
        return new AgentConfig(
                name,
                jenkins,
                AgentConfig.Repository.open(repository.url(), "main", List.of(EXAMPLE_URL)),
                "clusters/dev/argocd-apps",
                ClusterAccess.OWN,
                AgentConfig.OWN_CLUSTER,
                Set.of(),
                quick,
                folder().resolve("cache"),
                ReplacedManagers.DEFAULT,
                IdentityGuard.Pinned.NOTHING,
                allowed,
                false,
                new AgentConfig.HealthAddress("127.0.0.1", 0));
    }

    void start() throws Exception {
        start(config(null));
    }

    /** With a configuration that permits only this. */
    void start(AllowedResources allowed) throws Exception {
        start(allowed, AgentMode.APPLY);
    }

    void start(AllowedResources allowed, AgentMode mode) throws Exception {
        start(config(null, allowed), mode);
    }

    void start(AgentConfig config) throws Exception {
        start(config, AgentMode.APPLY);
    }

    void start(AgentConfig config, AgentMode mode) throws Exception {
        agent = new Agent(config, mode, elsewhere == null ? cluster.config() : elsewhere.get(), this::tell);
        agent.start();
    }

    void stop() {
        if (agent != null) {
            agent.close();
            agent = null;
        }
    }

    private synchronized void tell(String line) {
        progress.add(line);
        notifyAll();
    }

    Optional<ApplicationStatus> status(String application) {
        return agent.statuses().stream()
                .filter(status -> status.name().equals(application))
                .findFirst();
    }

    /** Waits for an application to be so; each change of a status is a line of progress. */
    synchronized ApplicationStatus await(String application, Predicate<ApplicationStatus> condition)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROOM_SECONDS);
        while (true) {
            Optional<ApplicationStatus> found = status(application).filter(condition);
            if (found.isPresent()) {
                return found.get();
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("not in time: " + status(application) + "\n" + String.join("\n", progress));
            }
            wait(Math.min(left, 500));
        }
    }

    /** Waits for a revision, or a later one, to be live and healthy. */
    ApplicationStatus awaitLive(String application, String revision) throws InterruptedException {
        return await(
                application,
                status -> revision.equals(status.syncedRevision())
                        && status.sync().equals("Synced")
                        && status.health().equals("Healthy"));
    }

    /** Waits for a line of progress. */
    synchronized String awaitLine(Predicate<String> condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROOM_SECONDS);
        while (true) {
            Optional<String> found = progress.stream().filter(condition).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("no such line in\n" + String.join("\n", progress));
            }
            wait(left);
        }
    }
}
