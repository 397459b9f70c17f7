package io.jenkins.plugins.gitops.status.argocd;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.model.PeriodicWork;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.gitops.config.ArgoServerConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdServer;
import io.jenkins.plugins.gitops.core.argocd.client.AwaitedCommit;
import io.jenkins.plugins.gitops.core.argocd.client.ServerHealth;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.status.AgentState;
import io.jenkins.plugins.gitops.status.BackgroundPools;
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
public final class ArgoServers implements StatusSource {
    private static final Logger LOGGER = Logger.getLogger(ArgoServers.class.getName());
    /** Those who begin to wait at once share what is asked for them. */
    private static final long GATHER_MILLIS = 50;

    private final Map<String, ConfiguredServer> servers = new ConcurrentHashMap<>();
    private final Map<String, AwaitedCommit> waits = new ConcurrentHashMap<>();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final AtomicBoolean waitsChanged = new AtomicBoolean();
    private volatile InstantSource clock = InstantSource.system();

    public static ArgoServers get() {
        return ExtensionList.lookupSingleton(ArgoServers.class);
    }

    @Override
    public Function<Target, List<Snapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        Set<String> keys = repository.keys();
        List<ConfiguredServer> all = inOrder();
        return target -> {
            List<Snapshot> found = new ArrayList<>(1);
            for (ConfiguredServer one : all) {
                if (one.configuration().mayReport(target.environment())) {
                    found.addAll(one.server().snapshots(keys, repository.getUrl(), target, now));
                }
            }
            return found;
        };
    }

    @Override
    public List<String> silence(RepositoryConfiguration repository, Target target, Instant now) {
        return inOrder().stream()
                .filter(one -> one.configuration().mayReport(target.environment()))
                .map(ConfiguredServer::server)
                .filter(server -> target.isDeployedBy(AgentKind.ARGO_CD, server.name()))
                .map(ArgoServers::silence)
                .toList();
    }

    private static String silence(ArgoCdServer server) {
        ServerHealth health = server.health();
        String name = AgentKind.ARGO_CD.word() + " " + server.name();
        if (health.problem() != null) {
            return name + " cannot be asked: " + health.problem();
        }
        return health.answeredAt() == null
                ? name + " has not answered yet"
                : name + " shows " + server.applications().size()
                        + " applications, and none of this folder; those of other projects its token may not see";
    }

    @Override
    public List<AgentState> agents(Instant now) {
        return inOrder().stream().map(one -> state(one, now)).toList();
    }

    private static AgentState state(ConfiguredServer one, Instant now) {
        ServerHealth health = one.server().health();
        return new AgentState(
                AgentKind.ARGO_CD,
                one.server().name(),
                one.configuration().getEnvironments(),
                health.answeredAt(),
                health.isStale(now),
                health.problem() == null ? health.hint() : health.problem(),
                one.server().applications());
    }

    @Override
    public Optional<URI> link(Snapshot snapshot) {
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
     * A server says that one of its applications changed: it is asked, and what it answers is believed.
     *
     * @param key as in {@link io.jenkins.plugins.gitops.core.argocd.ArgoState#key}
     */
    void nudge(String server, String key) {
        ConfiguredServer known = servers.get(server);
        if (known != null) {
            known.server().nudge(key);
            tickSoon();
        }
    }

    /** The clock of all decisions about when to ask. */
    void use(InstantSource other) {
        clock = other;
    }

    /** Forgets all, so that everything is asked for anew. */
    void reset() {
        servers.values().forEach(one -> one.server().close());
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
        for (ConfiguredServer one : servers.values()) {
            try {
                if (changed) {
                    one.server()
                            .awaiting(waits.values().stream()
                                    .filter(one::concerns)
                                    .collect(Collectors.toSet()));
                }
                one.server().tick(now);
            } catch (RuntimeException | Error e) {
                // Whatever one server is like, the others are asked.
                one.server().failed(e, now);
            }
        }
    }

    /** Takes the configuration over. */
    private synchronized boolean follow(List<ArgoServerConfiguration> configured) {
        boolean changed = false;
        for (ArgoServerConfiguration one : configured) {
            ConfiguredServer known = servers.get(one.getName());
            if (known == null || !known.isStill(one)) {
                servers.put(one.getName(), new ConfiguredServer(one, () -> clock.instant()));
                changed = true;
                if (known != null) {
                    known.server().close();
                }
            }
        }
        for (ConfiguredServer known : List.copyOf(servers.values())) {
            String name = known.server().name();
            if (configured.stream().noneMatch(one -> one.getName().equals(name))) {
                servers.remove(name);
                known.server().close();
            }
        }
        return changed;
    }

    /** As the configuration lists them. */
    private List<ConfiguredServer> inOrder() {
        return GitopsConfiguration.get().getArgocdServers().stream()
                .flatMap(one -> Optional.ofNullable(servers.get(one.getName())).stream())
                .toList();
    }

    /** The configuration was saved, and what was refused before may work now. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class ConfigurationSaved extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof GitopsConfiguration || saved instanceof SystemCredentialsProvider) {
                ArgoServers all = ArgoServers.get();
                all.servers.values().stream()
                        .filter(one -> one.server().health().problem() != null)
                        .forEach(one -> one.server().poke());
                all.tickSoon();
            }
        }
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
