package io.jenkins.plugins.gitops.status;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.init.Terminator;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.config.SecretText;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import io.jenkins.plugins.gitops.core.sync.Signature;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.StatusKey;
import io.jenkins.plugins.gitops.core.sync.Statuses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The newest report of each agent, found by target; outlives a restart. Safe for use by many threads, never blocks. */
@Extension
@Restricted(NoExternalUse.class)
public final class Reports implements StatusSource {
    private static final Logger LOGGER = Logger.getLogger(Reports.class.getName());
    private static final String OUTDATED =
            "signs its reports in version 1, which the next release of this plugin refuses; update the agent";

    private final ReportInbox inbox = new ReportInbox(this::secretOf);
    private final Map<String, Indexed> indexed = new ConcurrentHashMap<>();
    private final ReportStore store = new ReportStore(
            Jenkins.get().getRootDir().toPath().resolve("gitops").resolve("agents"),
            work -> BackgroundPools.get().storage("reports").execute(work));

    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    /** Agents whose last report was signed as by the release before. */
    private final Set<String> outdated = ConcurrentHashMap.newKeySet();

    private final Silence silence = new Silence(this::lookForSilent);

    /** A report, and where it is found. */
    private record Indexed(ReportInbox.Received received, Statuses statuses) {
        static Indexed of(ReportInbox.Received received) {
            return new Indexed(
                    received,
                    new Statuses(
                            AgentKind.AGENT,
                            received.agent(),
                            received.report().applications(),
                            GitopsConfiguration.get().agentNames()));
        }

        boolean isSameProcess(Indexed other) {
            Report one = received.report();
            Report two = other.received().report();
            return one.instance().equals(two.instance()) && one.intervalSeconds() == two.intervalSeconds();
        }
    }

    public static Reports get() {
        return ExtensionList.lookupSingleton(Reports.class);
    }

    /** Where reports come in; what it accepts is to be handed to {@link #accepted}. */
    public ReportInbox inbox() {
        return inbox;
    }

    /** Keeps a report that the inbox accepted, and tells those who wait for what is new in it. */
    public void accepted(ReportInbox.Received received) {
        RefusedReports.get().accepted(received.agent());
        lookAtVersion(received);
        Map<String, Set<StatusKey>> news = index(Indexed.of(received), true);
        silence.expect(received.staleAt());
        if (silent.remove(received.agent())) {
            LOGGER.info(() -> "agent " + received.agent() + " reports again");
        }
        Sources.changed(news);
    }

    /** Tells once of each agent that is to be updated before the next release of this plugin. */
    private void lookAtVersion(ReportInbox.Received received) {
        if (received.version() == Signature.VERSION) {
            outdated.remove(received.agent());
        } else if (outdated.add(received.agent())) {
            LOGGER.warning(() -> "agent " + received.agent() + " " + OUTDATED);
        }
    }

    /** Tells once of each agent that fell silent: those who wait for it should say so. */
    private Optional<Instant> lookForSilent(Instant now) {
        Instant next = null;
        for (Indexed known : indexed.values()) {
            ReportInbox.Received last = known.received();
            if (now.isBefore(last.staleAt())) {
                next = next == null || last.staleAt().isBefore(next) ? last.staleAt() : next;
            } else if (silent.add(last.agent()) && isStillNewest(known)) {
                LOGGER.warning(() -> "agent " + last.agent() + " silent since " + last.at());
                Sources.changed(known.statuses().keys());
            }
        }
        return Optional.ofNullable(next);
    }

    /** If it has reported meanwhile, it may have done so just before it was noted as silent. */
    private boolean isStillNewest(Indexed known) {
        String agent = known.received().agent();
        if (indexed.get(agent) == known) {
            return true;
        }
        silent.remove(agent);
        return false;
    }

    @Override
    public Function<Target, List<Snapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        Set<String> keys = repository.keys();
        List<AgentConfiguration> agents = GitopsConfiguration.get().getAgents();
        return target -> {
            List<Snapshot> found = new ArrayList<>(1);
            for (AgentConfiguration agent : agents) {
                Indexed known = indexed.get(agent.getName());
                if (known != null && agent.mayReport(target.environment())) {
                    ReportInbox.Received received = known.received();
                    boolean stale = received.isStale(now);
                    for (Report.ApplicationStatus status : known.statuses().about(keys, target)) {
                        found.add(new Snapshot(status.deployer(), agent.getName(), received.at(), stale, null, status));
                    }
                }
            }
            return found;
        };
    }

    @Override
    public List<String> silence(RepositoryConfiguration repository, Target target, Instant now) {
        return GitopsConfiguration.get().getAgents().stream()
                .filter(agent -> agent.mayReport(target.environment()))
                .filter(agent -> isMeant(agent, target))
                .map(agent -> {
                    Indexed known = indexed.get(agent.getName());
                    return SilentAgent.of(
                            agent.getName(), known == null ? null : known.received(), repository, target, now);
                })
                .toList();
    }

    /** An agent in a dry run is read-only, too, but reports applications of its own. */
    private static boolean isObserver(Report report) {
        return report.applications().isEmpty()
                ? report.readOnly()
                : report.applications().stream().anyMatch(Report.ApplicationStatus::isObserved);
    }

    /** An observer speaks for whatever deploys a target, any other agent for itself. */
    private boolean isMeant(AgentConfiguration agent, Target target) {
        boolean observes =
                newest(agent).filter(received -> isObserver(received.report())).isPresent();
        DeployedBy by = target.deployedBy();
        return by == null
                || target.isDeployedBy(AgentKind.AGENT, agent.getName())
                || observes && by.kind() != AgentKind.AGENT;
    }

    @Override
    public List<AgentState> agents(Instant now) {
        return GitopsConfiguration.get().getAgents().stream()
                .map(agent -> state(agent, now))
                .toList();
    }

    private AgentState state(AgentConfiguration agent, Instant now) {
        Indexed known = indexed.get(agent.getName());
        ReportInbox.Received received = known == null ? null : known.received();
        return new AgentState(
                AgentKind.AGENT,
                agent.getName(),
                agent.getEnvironments(),
                received == null ? null : received.at(),
                received != null && received.isStale(now),
                outdated.contains(agent.getName()) ? OUTDATED : null,
                known == null ? List.of() : known.statuses().all());
    }

    /** The newest report of an agent; empty when it never reported, or is not configured. */
    public Optional<ReportInbox.Received> newest(AgentConfiguration agent) {
        return Optional.ofNullable(indexed.get(agent.getName())).map(Indexed::received);
    }

    /**
     * @param store whether to keep it over restarts
     * @return what is new; empty also when a newer one is there already
     */
    private Map<String, Set<StatusKey>> index(Indexed fresh, boolean store) {
        Map<String, Set<StatusKey>> news = new HashMap<>();
        ReportInbox.Received received = fresh.received();
        // Two reports of one agent may be handled at once: the inbox knows which of them is the newer.
        indexed.compute(received.agent(), (agent, last) -> {
            if (last != null && inbox.newest(agent).filter(n -> n == received).isEmpty()) {
                return last;
            }
            Map<String, Set<StatusKey>> since =
                    last == null ? fresh.statuses().keys() : fresh.statuses().since(last.statuses());
            if (store) {
                this.store.changed(received, last == null || !since.isEmpty() || !last.isSameProcess(fresh));
            }
            boolean wasSilent =
                    last != null && !received.at().isBefore(last.received().staleAt());
            news.putAll(wasSilent ? fresh.statuses().keys() : since);
            return fresh;
        });
        return news;
    }

    private Optional<String> secretOf(String agent) {
        return GitopsConfiguration.get().agent(agent).map(known -> SecretText.orDecoy(known.getSecret()));
    }

    private void restore() {
        for (ReportInbox.Received stored : store.readAll()) {
            inbox.restore(stored);
            index(Indexed.of(stored), false);
            // Jenkins was not there to be told: it gets its time from now on.
            silence.expect(Instant.now().plus(Duration.between(stored.at(), stored.staleAt())));
        }
    }

    /** Forgets agents that the configuration does not name. */
    void forgetUnconfigured() {
        GitopsConfiguration configuration = GitopsConfiguration.get();
        RefusedReports.get()
                .retain(configuration.getAgents().stream()
                        .map(AgentConfiguration::getName)
                        .collect(Collectors.toSet()));
        for (String agent : Set.copyOf(indexed.keySet())) {
            if (configuration.agent(agent).isEmpty()) {
                Indexed gone = indexed.remove(agent);
                inbox.forget(agent);
                store.remove(agent);
                silent.remove(agent);
                outdated.remove(agent);
                if (gone != null) {
                    Sources.changed(gone.statuses().keys());
                }
            }
        }
    }

    @Initializer(after = InitMilestone.EXTENSIONS_AUGMENTED, before = InitMilestone.SYSTEM_CONFIG_LOADED)
    public static void load() {
        Reports.get().restore();
    }

    @Terminator
    public static void stop() {
        Reports reports = ExtensionList.lookup(Reports.class).get(Reports.class);
        if (reports != null) {
            reports.store.flush();
        }
    }

    /** Forgets agents that the configuration no longer names. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class OnChange extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof GitopsConfiguration) {
                Reports.get().forgetUnconfigured();
            }
        }
    }
}
