package io.jenkins.plugins.gitops.agent.observe;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.jenkins.plugins.gitops.agent.ClusterConnection;
import io.jenkins.plugins.gitops.agent.HealthServer;
import io.jenkins.plugins.gitops.agent.cluster.ClusterApi;
import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import io.jenkins.plugins.gitops.agent.cluster.LiveObject;
import io.jenkins.plugins.gitops.agent.cluster.PodDigestReader;
import io.jenkins.plugins.gitops.agent.report.ReportSender;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import io.jenkins.plugins.gitops.core.report.ReportResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Observes Flux and Argo CD in one cluster and reports to Jenkins. It writes nothing to the cluster, unless it is
 * configured to request reconciliations and refreshes. It never reads Secrets, and makes only outgoing connections.
 */
public final class Observer implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Observer.class.getName());
    /** Limits the memory that a list request needs. */
    private static final int PAGE = 50;

    private static final long ROUND_MILLIS = 500;
    /** The API server is probed once in this number of rounds. */
    private static final int PROBE_ROUNDS = 20;

    private final ObserverConfig config;
    private final KubernetesClient client;
    private final ClusterApi api;
    private final ScheduledExecutorService executor;
    private final ExecutorService events;
    private final ObserverWatches watches;
    private final ObservedState state;
    private final WorkloadDiagnostics reasons;
    private final ReconcileRequests requests;
    private final ReportSender reports;
    private final Consumer<String> log;
    private final Clock clock = Clock.systemUTC();
    private final AtomicBoolean reporting = new AtomicBoolean();
    private HealthServer health;
    private int round;
    private volatile Instant unreachableSince;
    private volatile boolean alive;

    /**
     * @param progress receives one line for each event of interest; called from several threads
     * @throws UserErrorException if the configuration cannot be used
     */
    public Observer(ObserverConfig config, Consumer<String> progress) throws UserErrorException {
        this(config, ClusterConnection.of(config.cluster()), progress);
    }

    /** @param kubernetes how to connect to the cluster; the configuration's own setting is ignored */
    public Observer(ObserverConfig config, Config kubernetes, Consumer<String> progress) {
        this.config = config;
        this.log = progress;
        this.client = new KubernetesClientBuilder()
                .withConfig(ClusterConnection.prepared(kubernetes))
                .build();
        this.api = new ClusterApi(client, PAGE);
        this.executor = Executors.newScheduledThreadPool(2, task -> thread(task, "gitops-observe-" + config.name()));
        this.events = Executors.newSingleThreadExecutor(task -> thread(task, "gitops-events-" + config.name()));
        this.watches = new ObserverWatches(api, config.namespaces(), executor, events, progress);
        PodDigestReader digests = new PodDigestReader(api, executor, this::digestsChanged);
        this.state = new ObservedState(watches, this::changed, clock, digests::withDigests);
        this.reasons = new WorkloadDiagnostics(api, state);
        this.requests = config.requestReconcile() ? new ReconcileRequests(api, state, progress, clock) : null;
        this.reports = config.jenkins() == null
                ? null
                : new ReportSender(
                        config.jenkins().url(),
                        config.name(),
                        config.jenkins().secret().asSupplier(),
                        config.heartbeat(),
                        this::statuses,
                        this::answered,
                        requests == null);
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void changed() {
        if (reports != null && reporting.get()) {
            reports.changed();
        }
    }

    private void digestsChanged(LiveObject live) {
        state.digestsChanged(live);
    }

    private void answered(ReportResponse answer) {
        if (requests != null) {
            executor.execute(() -> requests.accept(answer));
        }
    }

    /**
     * Starts to observe; returns immediately. The first report is sent after everything was listed, so that it is
     * complete.
     *
     * @throws UserErrorException if the health port is not available, or the report secret cannot be read
     */
    public void start() throws UserErrorException {
        if (config.jenkins() != null) {
            config.jenkins().secret().read();
        }
        if (config.health() != null) {
            health = HealthServer.start(
                    config.health(), () -> alive ? null : "stopped", () -> isReady() ? null : "not ready");
        }
        alive = true;
        watches.start(config, state);
        executor.scheduleWithFixedDelay(this::round, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            watches.isMissing();
            if (watches.isComplete() && reporting.compareAndSet(false, true)) {
                log.accept(config.name() + " observes " + state.statuses().size() + " applications");
                if (reports != null) {
                    reports.start();
                }
            }
            reasons.run();
            if (round++ % PROBE_ROUNDS == 0) {
                probe();
            }
        } catch (RuntimeException e) {
            // The next round may succeed; reports continue meanwhile.
            LOGGER.log(Level.WARNING, "A round of " + config.name() + " failed", e);
        }
    }

    /** Watches receive nothing while the API server hangs, so the last observed state may be outdated. */
    private void probe() {
        try {
            api.get("/version");
            unreachableSince = null;
        } catch (ClusterException e) {
            if (e.isOutage() && unreachableSince == null) {
                unreachableSince = clock.instant();
                log.accept("The API server cannot be reached: " + e.getMessage());
            }
        }
    }

    /** The current applications, by name; marked as outdated while the API server is unreachable. */
    public List<ApplicationStatus> statuses() {
        Instant since = unreachableSince;
        return since == null
                ? state.statuses()
                : state.statuses().stream().map(s -> outdated(s, since)).toList();
    }

    private ApplicationStatus outdated(ApplicationStatus status, Instant since) {
        Details details = status.details();
        return status.withDetails(new Details(
                details.branch(),
                details.blocked(),
                "observer " + config.name() + " has not reached the API server since " + since,
                details.running(),
                details.overrides(),
                details.healthAt()));
    }

    /** Whether everything was listed once, and the API server is reachable. */
    public boolean isReady() {
        return reporting.get() && unreachableSince == null;
    }

    /** The port of the health endpoint; 0 if there is none. */
    public int healthPort() {
        return health == null ? 0 : health.port();
    }

    @Override
    public void close() {
        alive = false;
        if (reports != null) {
            reports.close();
        }
        if (health != null) {
            health.close();
        }
        watches.close();
        executor.shutdownNow();
        events.shutdownNow();
        client.close();
    }
}
