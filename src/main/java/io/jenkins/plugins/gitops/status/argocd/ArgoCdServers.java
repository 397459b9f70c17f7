package io.jenkins.plugins.gitops.status.argocd;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.PeriodicWork;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.gitops.config.ArgoCdServerConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdServer;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdServerHealth;
import io.jenkins.plugins.gitops.core.argocd.client.AwaitedCommit;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSource;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.util.Timer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** All configured Argo CD servers. */
@Extension
@Restricted(NoExternalUse.class)
public final class ArgoCdServers implements StatusSource {
    private static final Logger LOGGER = Logger.getLogger(ArgoCdServers.class.getName());
    /** Delay before the next tick, so that waits that start at the same time share one request. */
    private static final long GATHER_MILLIS = 50;

    private final Map<String, ConfiguredArgoCdServer> servers = new ConcurrentHashMap<>();
    private final Map<String, AwaitedCommit> waits = new ConcurrentHashMap<>();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final AtomicBoolean waitsChanged = new AtomicBoolean();
    private volatile InstantSource clock = InstantSource.system();

    public static ArgoCdServers get() {
        return ExtensionList.lookupSingleton(ArgoCdServers.class);
    }

    @Override
    public Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        Set<String> keys = repository.keys();
        List<ConfiguredArgoCdServer> all = inOrder();
        return target -> {
            List<AgentSnapshot> found = new ArrayList<>(1);
            for (ConfiguredArgoCdServer one : all) {
                if (one.configuration().mayReport(target.environment())) {
                    found.addAll(one.server().snapshots(keys, repository.getUrl(), target, now));
                }
            }
            return found;
        };
    }

    @Override
    public List<String> silenceReasons(RepositoryConfiguration repository, Target target, Instant now) {
        return inOrder().stream()
                .filter(one -> one.configuration().mayReport(target.environment()))
                .map(ConfiguredArgoCdServer::server)
                .filter(server -> target.isDeployedBy(AgentKind.ARGO_CD, server.name()))
                .map(ArgoCdServers::silence)
                .toList();
    }

    private static String silence(ArgoCdServer server) {
        ArgoCdServerHealth health = server.health();
        String name = AgentKind.ARGO_CD.displayName() + " " + server.name();
        if (health.problem() != null) {
            return name + " is unreachable: " + health.problem();
        }
        return health.answeredAt() == null
                ? name + " has not responded yet"
                : name + " shows " + server.applications().size()
                        + " applications, and none of this folder; projects that its token cannot read are left out";
    }

    @Override
    public List<AgentInfo> agents(Instant now) {
        return inOrder().stream().map(one -> state(one, now)).toList();
    }

    private static AgentInfo state(ConfiguredArgoCdServer one, Instant now) {
        ArgoCdServerHealth health = one.server().health();
        return new AgentInfo(
                AgentKind.ARGO_CD,
                one.server().name(),
                one.configuration().getEnvironments(),
                health.answeredAt(),
                health.isStale(now),
                health.problem() == null ? health.hint() : health.problem(),
                one.server().applications());
    }

    @Override
    public Optional<URI> link(AgentSnapshot snapshot) {
        return snapshot.kind() != AgentKind.ARGO_CD
                ? Optional.empty()
                : Optional.ofNullable(servers.get(snapshot.agent()))
                        .map(one -> one.server().link(snapshot.status().name()));
    }

    @Override
    public void awaited(String id, RepositoryConfiguration repository, Expectation expectation) {
        waits.put(
                id,
                new AwaitedCommit(
                        repository.keys(), expectation.target(), expectation.revision(), expectation.images()));
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
     * Handles a notification that an application changed: queries the server, since only its response is trusted.
     *
     * @param key as in {@link io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication#key}
     */
    void applicationChanged(String server, String key) {
        ConfiguredArgoCdServer known = servers.get(server);
        if (known != null) {
            known.server().applicationChanged(key);
            tickSoon();
        }
    }

    /** Replaces the clock that schedules the requests. */
    void useClock(InstantSource other) {
        clock = other;
    }

    /** Forgets all servers and waits, so that everything is fetched again. */
    void reset() {
        servers.values().forEach(one -> one.server().close());
        servers.clear();
        waits.clear();
    }

    /** Schedules a tick on the background pool; calls before it runs are merged into one. */
    void tickSoon() {
        if (ticking.compareAndSet(false, true)) {
            Timer.get().schedule(this::onPool, GATHER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void onPool() {
        try {
            BackgroundPools.get().callbacks().execute(this::tick);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down", e);
        }
    }

    private void tick() {
        ticking.set(false);
        boolean changed = waitsChanged.getAndSet(false);
        changed |= follow(GitopsConfiguration.get().getArgocdServers());
        Instant now = clock.instant();
        for (ConfiguredArgoCdServer one : servers.values()) {
            try {
                if (changed) {
                    one.server()
                            .awaiting(waits.values().stream()
                                    .filter(one::concerns)
                                    .collect(Collectors.toSet()));
                }
                one.server().tick(now);
            } catch (RuntimeException | Error e) {
                // A failure of one server must not keep the others from being polled.
                one.server().failed(e, now);
            }
        }
    }

    /** Applies the configuration. */
    private synchronized boolean follow(List<ArgoCdServerConfiguration> configured) {
        boolean changed = false;
        for (ArgoCdServerConfiguration one : configured) {
            ConfiguredArgoCdServer known = servers.get(one.getName());
            if (known == null || !known.reconfigure(one)) {
                servers.put(one.getName(), new ConfiguredArgoCdServer(one, () -> clock.instant()));
                changed = true;
                if (known != null) {
                    known.server().close();
                }
            }
        }
        for (ConfiguredArgoCdServer known : List.copyOf(servers.values())) {
            String name = known.server().name();
            if (configured.stream().noneMatch(one -> one.getName().equals(name))) {
                servers.remove(name);
                known.server().close();
            }
        }
        return changed;
    }

    /** In the order of the configuration. */
    private List<ConfiguredArgoCdServer> inOrder() {
        return GitopsConfiguration.get().getArgocdServers().stream()
                .flatMap(one -> Optional.ofNullable(servers.get(one.getName())).stream())
                .toList();
    }

    /** Starts a tick when the configuration is saved, since requests that were rejected before may succeed now. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class ConfigurationSaved extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof GitopsConfiguration || saved instanceof SystemCredentialsProvider) {
                ArgoCdServers all = ArgoCdServers.get();
                all.servers.values().stream()
                        .filter(one -> one.server().health().problem() != null)
                        .forEach(one -> one.server().retryNow());
                all.tickSoon();
            }
        }
    }

    /** Starts the regular ticks. */
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
            ArgoCdServers all = ArgoCdServers.get();
            if (!all.servers.isEmpty()
                    || !GitopsConfiguration.get().getArgocdServers().isEmpty()) {
                all.tickSoon();
            }
        }
    }
}
