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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** An agent of the dev environment that follows a config repository, on an embedded cluster or on an existing one. */
final class RunningAgent extends ExternalResource {
    /** The URL by which Application manifests refer to the config repository. */
    static final String REPOSITORY = "https://git.example.com/gitops-platform.git";

    private static final long TIMEOUT_SECONDS = 120;

    private final TemporaryFolder folder = new TemporaryFolder();
    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final String name;
    private final Supplier<Config> elsewhere;
    private final boolean example;
    private TestRepository repository;
    private EmbeddedCluster cluster;
    private Agent agent;

    private RunningAgent(String name, Supplier<Config> elsewhere, boolean example) {
        this.name = name;
        this.elsewhere = elsewhere;
        this.example = example;
    }

    /** An agent for the example repository, on an embedded cluster. */
    RunningAgent() {
        this(null);
    }

    /** An agent for the example repository, on an existing cluster. */
    RunningAgent(Supplier<Config> elsewhere) {
        this("dev", elsewhere, true);
    }

    /** An agent for an empty repository, on an existing cluster. */
    static RunningAgent withEmptyRepository(Supplier<Config> elsewhere) {
        return withEmptyRepository("dev", elsewhere);
    }

    /** One of several agents on an existing cluster. */
    static RunningAgent withEmptyRepository(String name, Supplier<Config> elsewhere) {
        return new RunningAgent(name, elsewhere, false);
    }

    @Override
    protected void before() throws Throwable {
        folder.create();
        Path repositories = folder.newFolder("repositories").toPath();
        repository = example ? TestRepository.example(repositories) : TestRepository.of(repositories, Map.of());
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

    /** Returns the lines of progress so far. */
    List<String> progress() {
        return progress;
    }

    AgentConfig config(Jenkins jenkins) {
        return config(jenkins, AllowedResources.ALL);
    }

    /** Returns the configuration of an agent that follows the default branch of its repository. */
    AgentConfig configWithoutBranch() {
        return config(null, null, AllowedResources.ALL);
    }

    private AgentConfig config(Jenkins jenkins, AllowedResources allowed) {
        return config(jenkins, "main", allowed);
    }

    private AgentConfig config(Jenkins jenkins, String branch, AllowedResources allowed) {
        Intervals quick = new Intervals(
                Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(200));
        return new AgentConfig(
                name,
                jenkins,
                AgentConfig.Repository.open(repository.url(), branch, List.of(REPOSITORY)),
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

    /** Starts the agent with a configuration that permits only this. */
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

    /** Waits for a status of an application; each change of a status is a line of progress. */
    ApplicationStatus await(String application, Predicate<ApplicationStatus> condition) throws InterruptedException {
        return awaitPresent(() -> status(application).filter(condition), () -> "last status: " + status(application));
    }

    /** Waits until a revision, or a later one, is live and healthy. */
    ApplicationStatus awaitLive(String application, String revision) throws InterruptedException {
        return await(
                application,
                status -> revision.equals(status.syncedRevision())
                        && status.sync().equals("Synced")
                        && status.health().equals("Healthy"));
    }

    /** Waits for a line of progress. */
    String awaitLine(Predicate<String> condition) throws InterruptedException {
        return awaitPresent(() -> progress.stream().filter(condition).findFirst(), () -> "no such line");
    }

    /** Checks the value after each line of progress, and at least twice a second. */
    private synchronized <T> T awaitPresent(Supplier<Optional<T>> value, Supplier<String> failure)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            Optional<T> found = value.get();
            if (found.isPresent()) {
                return found.get();
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(failure.get() + "\n" + String.join("\n", progress));
            }
            wait(Math.min(left, 500));
        }
    }
}
