package io.jenkins.plugins.gitops.status.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PeriodicWork;
import io.jenkins.plugins.gitops.config.ArgoServerConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.status.AgentState;
import io.jenkins.plugins.gitops.status.BackgroundPools;
import io.jenkins.plugins.gitops.status.StatusSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** All configured Argo CD servers: polled often while somebody waits, seldom otherwise. */
@Extension
@Restricted(NoExternalUse.class)
public final class ArgoServers implements StatusSource {
    private static final Logger LOGGER = Logger.getLogger(ArgoServers.class.getName());
    /** Those who begin to wait at once share what is asked for them. */
    private static final long GATHER_MILLIS = 50;

    private final Map<String, ArgoServer> servers = new ConcurrentHashMap<>();
    private final Map<String, Awaited> waits = new ConcurrentHashMap<>();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final AtomicBoolean waitsChanged = new AtomicBoolean();
    private volatile InstantSource clock = InstantSource.system();

    public static ArgoServers get() {
        return ExtensionList.lookupSingleton(ArgoServers.class);
    }

    @Override
    public Function<Target, List<Snapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        Set<String> keys = repository.keys();
        List<ArgoServer> all = inOrder();
        return target -> {
            List<Snapshot> found = new ArrayList<>(1);
            for (ArgoServer server : all) {
                if (server.configuration().mayReport(target.environment())) {
                    addSnapshots(found, server, repository, keys, target, now);
                }
            }
            return found;
        };
    }

    private static void addSnapshots(
            List<Snapshot> found,
            ArgoServer server,
            RepositoryConfiguration repository,
            Set<String> keys,
            Target target,
            Instant now) {
        ArgoApplications.View view = server.view();
        ArgoServer.Health health = server.health();
        List<ApplicationStatus> statuses = view.statuses().about(keys, target);
        for (ApplicationStatus status : statuses) {
            found.add(snapshot(server, health, view.heardAt(status.name()), status, now));
        }
        DeployedBy by = target.deployedBy();
        if (statuses.isEmpty() && by != null && target.isDeployedBy(AgentKind.ARGO_CD, server.name())) {
            String why = by.object() == null ? null : server.whyMissing(by.object());
            if (why != null || health.problem() != null) {
                ApplicationStatus unknown = unknown(repository, target, by, why, now);
                Instant heard = health.answeredAt() == null ? Instant.EPOCH : health.answeredAt();
                found.add(snapshot(server, health, heard, unknown, now));
            }
        }
    }

    private static Snapshot snapshot(
            ArgoServer server, ArgoServer.Health health, Instant heard, ApplicationStatus status, Instant now) {
        return new Snapshot(AgentKind.ARGO_CD, server.name(), heard, health.isStale(now), health.problem(), status);
    }

    /** Of the only server that may speak for a target, and cannot: it says why. */
    private static ApplicationStatus unknown(
            RepositoryConfiguration repository, Target target, DeployedBy by, @CheckForNull String why, Instant now) {
        return new ApplicationStatus(
                by.object() == null ? target.id() : by.object(),
                repository.getUrl(),
                target.path(),
                null,
                null,
                SyncState.UNKNOWN.word(),
                Health.UNKNOWN.word(),
                null,
                List.of(),
                List.of(),
                why,
                now.toString());
    }

    @Override
    public List<String> silence(RepositoryConfiguration repository, Target target, Instant now) {
        return inOrder().stream()
                .filter(server -> server.configuration().mayReport(target.environment()))
                .filter(server -> target.isDeployedBy(AgentKind.ARGO_CD, server.name()))
                .map(ArgoServers::silence)
                .toList();
    }

    private static String silence(ArgoServer server) {
        ArgoServer.Health health = server.health();
        String name = AgentKind.ARGO_CD.word() + " " + server.name();
        if (health.problem() != null) {
            return name + " cannot be asked: " + health.problem();
        }
        return health.answeredAt() == null
                ? name + " has not answered yet"
                : name + " shows " + server.view().statuses().all().size()
                        + " applications, and none of this folder; those of other projects its token may not see";
    }

    @Override
    public List<AgentState> agents(Instant now) {
        return inOrder().stream().map(server -> state(server, now)).toList();
    }

    private static AgentState state(ArgoServer server, Instant now) {
        ArgoServer.Health health = server.health();
        return new AgentState(
                AgentKind.ARGO_CD,
                server.name(),
                server.configuration().getEnvironments(),
                health.answeredAt(),
                health.isStale(now),
                health.problem() == null ? health.hint() : health.problem(),
                server.view().statuses().all());
    }

    @Override
    public void awaited(String id, RepositoryConfiguration repository, Expectation expectation) {
        waits.put(id, new Awaited(repository.keys(), expectation.target(), expectation.revision()));
        waitsChanged.set(true);
        tickSoon();
    }

    @Override
    public void released(String id) {
        if (waits.remove(id) != null) {
            waitsChanged.set(true);
            tickSoon();
        }
    }

    /**
     * A server says that one of its applications changed: it is asked, and what it answers is believed.
     *
     * @param key as in {@link io.jenkins.plugins.gitops.core.argocd.ArgoState#key}
     */
    void nudge(String server, String key) {
        ArgoServer known = servers.get(server);
        if (known != null) {
            known.nudge(key);
            tickSoon();
        }
    }

    /** The clock of all decisions about when to ask. */
    void use(InstantSource other) {
        clock = other;
    }

    /** Forgets all, so that everything is asked for anew. */
    void reset() {
        servers.clear();
        waits.clear();
    }

    /** Does what is due, soon and on the pool, once for all that ask for it meanwhile. */
    void tickSoon() {
        if (ticking.compareAndSet(false, true)) {
            Timer.get().schedule(this::onPool, GATHER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void onPool() {
        try {
            BackgroundPools.get().callbacks().execute(this::tick);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins stops", e);
        }
    }

    private void tick() {
        ticking.set(false);
        boolean changed = waitsChanged.getAndSet(false);
        changed |= follow(GitopsConfiguration.get().getArgocdServers());
        Instant now = clock.instant();
        for (ArgoServer server : servers.values()) {
            try {
                if (changed) {
                    server.awaiting(waits.values());
                }
                server.tick(now);
            } catch (RuntimeException | Error e) {
                // Whatever one server is like, the others are asked.
                server.failed(e, now);
            }
        }
    }

    /** Takes the configuration over. */
    private synchronized boolean follow(List<ArgoServerConfiguration> configured) {
        boolean changed = false;
        for (ArgoServerConfiguration one : configured) {
            ArgoServer known = servers.get(one.getName());
            if (known == null || !known.isStill(one)) {
                Executor reading = BackgroundPools.get().reading("Argo CD " + one.getName());
                servers.put(one.getName(), new ArgoServer(one, reading, () -> clock.instant()));
                changed = true;
            }
        }
        for (ArgoServer server : List.copyOf(servers.values())) {
            if (configured.stream().noneMatch(one -> one.getName().equals(server.name()))) {
                servers.remove(server.name());
                server.close();
            }
        }
        return changed;
    }

    /** As the configuration lists them. */
    private List<ArgoServer> inOrder() {
        return GitopsConfiguration.get().getArgocdServers().stream()
                .flatMap(one -> Optional.ofNullable(servers.get(one.getName())).stream())
                .toList();
    }

    /** Keeps the servers going. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Ticker extends PeriodicWork {
        @Override
        public long getRecurrencePeriod() {
            return TimeUnit.SECONDS.toMillis(1);
        }

        @Override
        public long getInitialDelay() {
            return TimeUnit.SECONDS.toMillis(1);
        }

        @Override
        protected void doRun() {
            ArgoServers all = ArgoServers.get();
            if (!all.servers.isEmpty()
                    || !GitopsConfiguration.get().getArgocdServers().isEmpty()) {
                all.tickSoon();
            }
        }
    }
}
