package io.jenkins.plugins.gitops.status.flux;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.init.Terminator;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.gitops.config.FluxReceiverConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryUrl;
import io.jenkins.plugins.gitops.core.flux.FluxEventLog;
import io.jenkins.plugins.gitops.core.flux.FluxObjectStatus;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.TargetStates;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSource;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The events that each Flux sent; survives a restart. Flux reports neither repository nor folder, so an event counts
 * for a target only if gitops.yaml names this Flux and its object for the target. Never stale: Flux sends an event when
 * something happens, so silence means that nothing changed. Thread-safe, never blocks.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class FluxReceivers implements StatusSource {
    private final Map<String, FluxEventLog> ledgers = new ConcurrentHashMap<>();
    private final FluxStore store = new FluxStore(
            Jenkins.get().getRootDir().toPath().resolve("gitops").resolve("flux"),
            name -> Optional.ofNullable(ledgers.get(name)),
            () -> BackgroundPools.get().storage("flux").execute(() -> FluxReceivers.get()
                    .flush()));

    public static FluxReceivers get() {
        return ExtensionList.lookupSingleton(FluxReceivers.class);
    }

    /**
     * Accepts a request whose signature was verified, and notifies the listeners of what is new in it.
     *
     * @param name of a configured Flux
     * @return HTTP status
     */
    int accept(String name, byte[] body, Instant now) {
        FluxEventLog.Accepted accepted =
                ledgers.computeIfAbsent(name, n -> new FluxEventLog()).accept(body, now);
        if (accepted.stored()) {
            store.changed(name);
        }
        if (accepted.changed() != null) {
            Set<StatusTopic> key = Set.of(StatusTopic.ofObject(AgentKind.FLUX, name, accepted.changed()));
            Map<String, Set<StatusTopic>> news = new HashMap<>();
            for (RepositoryConfiguration repository : GitopsConfiguration.get().getRepositories()) {
                news.put(RepositoryUrl.key(repository.getUrl()), key);
            }
            StatusSources.changed(news);
        }
        return accepted.status();
    }

    /**
     * Records a request that was not signed with the secret of this Flux.
     *
     * @param name of a configured Flux
     */
    void rejected(String name, Instant now) {
        ledgers.computeIfAbsent(name, n -> new FluxEventLog()).rejected(now);
    }

    @Override
    public Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        Map<String, FluxReceiverConfiguration> receivers = GitopsConfiguration.get().getFluxReceivers().stream()
                .collect(Collectors.toMap(FluxReceiverConfiguration::getName, Function.identity()));
        return target -> {
            AgentReference by = target.agent();
            if (by == null || by.kind() != AgentKind.FLUX) {
                return List.of();
            }
            FluxReceiverConfiguration receiver = receivers.get(by.agent());
            FluxEventLog ledger = ledgers.get(by.agent());
            if (receiver == null || ledger == null || !receiver.mayReport(target.environment())) {
                return List.of();
            }
            return ledger.snapshot(by, repository.getUrl(), target.path(), now).stream()
                    .toList();
        };
    }

    @Override
    public List<String> silenceReasons(RepositoryConfiguration repository, Target target, Instant now) {
        AgentReference by = target.agent();
        Optional<FluxReceiverConfiguration> receiver = by == null || by.kind() != AgentKind.FLUX
                ? Optional.empty()
                : GitopsConfiguration.get().flux(by.agent());
        if (receiver.isEmpty() || !receiver.get().mayReport(target.environment())) {
            return List.of();
        }
        FluxEventLog ledger = ledgers.get(by.agent());
        Instant heard = ledger == null ? null : ledger.lastHeard();
        String flux = AgentKind.FLUX.displayName() + " " + by.agent();
        String problem = ledger == null || ledger.problem() == null ? "" : "; " + ledger.problem();
        return List.of((heard == null
                        ? flux + " has never sent an event; check its Provider and Alert"
                        : flux + " last sent an event at " + heard + ", and none of " + by.object()
                                + "; check that the Alert includes it and that it is reconciled")
                + problem);
    }

    @Override
    public List<AgentInfo> agents(Instant now) {
        Map<String, Set<ObjectUse>> uses = new HashMap<>();
        for (RepositoryConfiguration repository : GitopsConfiguration.get().getRepositories()) {
            TargetStates.get().of(repository).map(TargetStates.RepositoryState::targets).orElse(List.of()).stream()
                    .map(desired -> desired.target().agent())
                    .filter(by -> by != null && by.kind() == AgentKind.FLUX && by.object() != null)
                    .forEach(by -> uses.computeIfAbsent(key(by.agent(), by.object()), k -> new HashSet<>())
                            .add(new ObjectUse(repository.getUrl(), by.healthChecked())));
        }
        return GitopsConfiguration.get().getFluxReceivers().stream()
                .map(receiver -> state(receiver, uses, now))
                .toList();
    }

    /** A repository with targets that refer to an object. */
    private record ObjectUse(String repository, boolean healthChecked) {}

    private static String key(String receiver, String object) {
        return receiver + " " + object;
    }

    /**
     * Lists an object once for each repository with targets that refer to it, or without a repository when there is
     * none.
     */
    private AgentInfo state(FluxReceiverConfiguration receiver, Map<String, Set<ObjectUse>> uses, Instant now) {
        FluxEventLog ledger = ledgers.get(receiver.getName());
        List<ApplicationStatus> applications = new ArrayList<>();
        for (FluxObjectStatus state : ledger == null ? List.<FluxObjectStatus>of() : ledger.objects()) {
            String key = key(receiver.getName(), state.status().name());
            uses.getOrDefault(key, Set.of(new ObjectUse("", false)))
                    .forEach(use ->
                            applications.add(state.statusOf(use.repository(), "", use.healthChecked(), null, now)));
        }
        return new AgentInfo(
                AgentKind.FLUX,
                receiver.getName(),
                receiver.getEnvironments(),
                ledger == null ? null : ledger.lastHeard(),
                false,
                ledger == null ? null : ledger.problem(),
                applications);
    }

    private void flush() {
        store.flush();
    }

    private void forgetUnconfigured() {
        for (String name : Set.copyOf(ledgers.keySet())) {
            if (GitopsConfiguration.get().flux(name).isEmpty()) {
                ledgers.remove(name);
                store.changed(name);
            }
        }
    }

    @Initializer(after = InitMilestone.EXTENSIONS_AUGMENTED, before = InitMilestone.SYSTEM_CONFIG_LOADED)
    public static void load() {
        FluxReceivers receivers = FluxReceivers.get();
        receivers.store.readAll().forEach(receivers.ledgers::putIfAbsent);
    }

    @Terminator
    public static void stop() {
        FluxReceivers receivers = ExtensionList.lookup(FluxReceivers.class).get(FluxReceivers.class);
        if (receivers != null) {
            receivers.store.flush();
        }
    }

    /** Forgets each Flux that the configuration no longer names. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class ReceiverRemovalListener extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof GitopsConfiguration) {
                FluxReceivers.get().forgetUnconfigured();
            }
        }
    }
}
