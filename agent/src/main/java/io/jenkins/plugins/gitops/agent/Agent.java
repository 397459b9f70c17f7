package io.jenkins.plugins.gitops.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.jenkins.plugins.gitops.agent.cluster.Cluster;
import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import io.jenkins.plugins.gitops.agent.reconcile.IdentityGuard;
import io.jenkins.plugins.gitops.agent.reconcile.IdentityStore;
import io.jenkins.plugins.gitops.agent.reconcile.Reconciler;
import io.jenkins.plugins.gitops.agent.reconcile.Renderer;
import io.jenkins.plugins.gitops.agent.report.ReportSender;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Keeps the applications of one cluster in sync with one branch, and reports to Jenkins. It makes only outgoing
 * connections. Several agents may run in one process, each with its own configuration.
 */
public final class Agent implements AutoCloseable {
    private final AgentConfig config;
    private final AgentMode mode;
    private final Consumer<String> progress;
    private final KubernetesClient client;
    private final RepositorySource repository;
    private final Cluster cluster;
    private final Reconciler reconciler;
    private final ReportSender reports;
    private HealthServer health;
    /** The statuses in the current report; only accessed by the sender's thread. */
    private List<ApplicationStatus> reported = List.of();

    /**
     * Creates an agent for the cluster in the configuration.
     *
     * @param progress receives one line for each event; called from several threads
     * @throws UserErrorException if the configuration cannot be used
     */
    public Agent(AgentConfig config, AgentMode mode, Consumer<String> progress) throws UserErrorException {
        this(config, mode, ClusterConnection.of(config.cluster()), progress);
    }

    /**
     * Creates an agent for a given cluster, in the mode that applies changes.
     *
     * @param kubernetes how to connect to the cluster; the configuration's own setting is ignored
     * @param progress receives one line for each event; called from several threads
     * @throws UserErrorException if the configuration cannot be used
     */
    public Agent(AgentConfig config, Config kubernetes, Consumer<String> progress) throws UserErrorException {
        this(config, AgentMode.APPLY, kubernetes, progress);
    }

    Agent(AgentConfig config, AgentMode mode, Config kubernetes, Consumer<String> progress) throws UserErrorException {
        this.config = config;
        this.mode = mode;
        this.progress = progress;
        this.repository = RepositorySource.open(config, mode.scope(config.name()));
        this.client = new KubernetesClientBuilder()
                .withConfig(ClusterConnection.prepared(kubernetes))
                .build();
        // Resolves a circular dependency: the cluster notifies the reconciler, and the reconciler changes the cluster.
        AtomicReference<Reconciler> self = new AtomicReference<>();
        this.cluster = new Cluster(
                config.name(),
                config.adoptFrom(),
                config.allowed(),
                config.replacedFieldManagers(),
                client,
                mode.requests(),
                name -> clusterChanged(self.get(), name),
                progress);
        Renderer renderer =
                new GuardedRenderer(new FolderRenderer(progress), RenderJournal.open(config.cacheFolder(), journal()));
        this.reconciler = new Reconciler(
                settings(config),
                repository,
                renderer,
                cluster,
                identity(kubernetes.getNamespace()),
                progress,
                this::statusChanged);
        self.set(reconciler);
        AgentConfig.Jenkins jenkins = config.jenkins();
        this.reports = jenkins == null
                ? null
                : new ReportSender(
                        jenkins.url(),
                        config.name(),
                        jenkins.secret().asSupplier(),
                        config.intervals().heartbeat(),
                        this::report,
                        this::answered,
                        !mode.applies());
    }

    /** A process that does not apply has its own journal, since it says nothing about the agent that applies. */
    private String journal() {
        return mode.applies() ? config.name() : mode.scope(config.name());
    }

    /** @param namespace the agent's own; null if it does not run in the cluster */
    private IdentityGuard identity(@CheckForNull String namespace) {
        IdentityStore store = new IdentityFile(
                config.cacheFolder(), config.name(), namespace == null ? null : cluster.identityConfigMap(namespace));
        return new IdentityGuard(
                cluster.identity()::read, repository, mode.applies() ? store : store.readOnly(), config.identity());
    }

    private static void clusterChanged(@CheckForNull Reconciler reconciler, String application) {
        if (reconciler != null) {
            reconciler.clusterChanged(application);
        }
    }

    private static Reconciler.Settings settings(AgentConfig config) {
        return new Reconciler.Settings(
                config.name(),
                config.repository().url(),
                config.repository().urls(),
                config.applications(),
                config.destinations(),
                config.ignoreAppProjects(),
                config.intervals().git(),
                config.intervals().pass(),
                config.intervals().gitGrace());
    }

    private void statusChanged() {
        if (reports != null) {
            reports.changed();
        }
    }

    private void answered(ReportResponse answer) {
        String revision = answer.revisions().get(config.repository().url());
        if (revision != null) {
            reconciler.revisionHint(revision);
        }
        for (String name : answer.syncRequests()) {
            reported.stream()
                    .filter(s -> s.name().equals(name))
                    .findFirst()
                    .ifPresent(s -> reconciler.requestSync(
                            name, s.operation(), answer.pruneRequests().get(name)));
        }
    }

    private List<ApplicationStatus> report() {
        reported = reconciler.statuses();
        return reported;
    }

    /**
     * Starts to follow the branch; returns immediately.
     *
     * @throws UserErrorException if the health port is not available, or the report secret cannot be read
     */
    public void start() throws UserErrorException {
        if (config.jenkins() != null) {
            config.jenkins().secret().read();
        }
        if (config.health() != null) {
            health = HealthServer.start(config.health(), reconciler::stuck, () -> isReady() ? null : "not ready");
        }
        if (!mode.applies()) {
            progress.accept("dry run: what would be applied is reported, and nothing is written to the cluster");
        }
        cluster.start();
        reconciler.start();
        if (reports != null) {
            reports.start();
        }
    }

    /**
     * Checks that the API server responds before anything depends on it.
     *
     * @throws UserErrorException if it does not
     */
    public void requireCluster() throws UserErrorException {
        try {
            cluster.requireReachable();
        } catch (ClusterException e) {
            throw new UserErrorException(
                            client.getMasterUrl() + ": " + e.getMessage(),
                            "Check cluster.kubeconfig and cluster.context, or where KUBECONFIG points to")
                    .causedBy(e);
        }
    }

    /**
     * Reconciles every application once on the caller's thread, without reports; instead of {@link #start()}.
     *
     * @throws UserErrorException if the repository cannot be read
     */
    public List<ApplicationStatus> reconcileOnce() throws UserErrorException {
        return reconciler.reconcileOnce();
    }

    /** The statuses of the applications after their last reconciliation, by name. */
    public List<ApplicationStatus> statuses() {
        return reconciler.statuses();
    }

    /** Whether Git has been read, every application has been reconciled once, and the API server is reachable. */
    public boolean isReady() {
        return reconciler.isReady() && cluster.isReachable();
    }

    /** The port of the health endpoint; 0 if there is none. */
    public int healthPort() {
        return health == null ? 0 : health.port();
    }

    /** Fetches the branch now instead of after the next interval. */
    public void fetchNow() {
        reconciler.fetchNow();
    }

    /** Waits for a running sync to end, then stops permanently. */
    @Override
    public void close() {
        reconciler.close();
        if (reports != null) {
            reports.close();
        }
        if (health != null) {
            health.close();
        }
        cluster.close();
        repository.close();
        client.close();
    }
}
