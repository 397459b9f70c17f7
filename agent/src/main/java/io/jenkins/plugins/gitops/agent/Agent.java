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
 * Keeps the applications of one cluster as one branch has them, and reports to Jenkins. It only calls out. Several
 * agents may run in one process, each with a configuration of its own.
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
    /** What the report in flight says; of the sender's thread alone. */
    private List<ApplicationStatus> reported = List.of();

    /**
     * An agent of the cluster that the configuration names.
     *
     * @param progress gets one line for each thing that happens; called from several threads
     * @throws UserErrorException when the configuration cannot be used
     */
    public Agent(AgentConfig config, AgentMode mode, Consumer<String> progress) throws UserErrorException {
        this(config, mode, ClusterConnection.of(config.cluster()), progress);
    }

    /**
     * An agent of a cluster that is given, which applies.
     *
     * @param kubernetes how to reach it; the configuration's own setting is not looked at
     * @param progress gets one line for each thing that happens; called from several threads
     * @throws UserErrorException when the configuration cannot be used
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
        // Each needs the other: the cluster tells the reconciler what changed, the reconciler changes the cluster.
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

    /** What is rendered by a process that only looks says nothing of the agent that applies. */
    private String journal() {
        return mode.applies() ? config.name() : mode.scope(config.name());
    }

    /** @param namespace the agent's own; null when it does not run in the cluster */
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
                config.repository().branch(),
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
     * Begins to follow; returns at once.
     *
     * @throws UserErrorException when the health port cannot be listened on, or the report secret cannot be read
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
     * Asks the API server for an answer before anything depends on it.
     *
     * @throws UserErrorException when there is none
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
     * One pass over every application on the caller's thread, without reports; instead of {@link #start()}.
     *
     * @throws UserErrorException when the repository cannot be read
     */
    public List<ApplicationStatus> reconcileOnce() throws UserErrorException {
        return reconciler.reconcileOnce();
    }

    /** The applications as the last passes found them, by name. */
    public List<ApplicationStatus> statuses() {
        return reconciler.statuses();
    }

    /** Whether Git was read, every application looked at once, and the API server can be reached. */
    public boolean isReady() {
        return reconciler.isReady() && cluster.isReachable();
    }

    /** Where health is answered; 0 when nowhere. */
    public int healthPort() {
        return health == null ? 0 : health.port();
    }

    /** Looks at the branch now instead of at the next interval. */
    public void fetchNow() {
        reconciler.fetchNow();
    }

    /** Lets a sync that is under way end, then stops for good. */
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
