package io.jenkins.plugins.gitops.status.report;

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
import io.jenkins.plugins.gitops.config.SecretValidation;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.core.report.StatusIndex;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSource;
import io.jenkins.plugins.gitops.status.StatusSources;
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

/** The newest report of each agent, indexed by target; survives a restart. Thread-safe, never blocks. */
@Extension
@Restricted(NoExternalUse.class)
public final class ReportingAgents implements StatusSource {
    private static final Logger LOGGER = Logger.getLogger(ReportingAgents.class.getName());
    private static final String OUTDATED =
            "signs its reports in version 1, which the next release of this plugin rejects; update the agent";

    private final ReportVerifier verifier = new ReportVerifier(this::secretOf);
    private final Map<String, IndexedReport> indexed = new ConcurrentHashMap<>();
    private final ReportStore store = new ReportStore(
            Jenkins.get().getRootDir().toPath().resolve("gitops").resolve("agents"),
            work -> BackgroundPools.get().storage("reports").execute(work));

    private final Set<String> stale = ConcurrentHashMap.newKeySet();
    /** Agents whose last report was signed in the format of the previous release. */
    private final Set<String> outdated = ConcurrentHashMap.newKeySet();

    private final StaleAgentTimer staleAgentTimer = new StaleAgentTimer(this::checkForStale);

    /** A report and the index of its statuses. */
    private record IndexedReport(ReportVerifier.VerifiedReport received, StatusIndex statuses) {
        static IndexedReport of(ReportVerifier.VerifiedReport verifiedReport) {
            return new IndexedReport(
                    verifiedReport,
                    new StatusIndex(
                            AgentKind.AGENT,
                            verifiedReport.agent(),
                            verifiedReport.report().applications(),
                            GitopsConfiguration.get().agentNames()));
        }

        boolean isSameProcess(IndexedReport other) {
            Report one = received.report();
            Report two = other.received().report();
            return one.instance().equals(two.instance()) && one.intervalSeconds() == two.intervalSeconds();
        }
    }

    public static ReportingAgents get() {
        return ExtensionList.lookupSingleton(ReportingAgents.class);
    }

    /** Verifies incoming reports; pass those that it accepts to {@link #accepted}. */
    public ReportVerifier verifier() {
        return verifier;
    }

    /** Stores a verified report, and notifies the listeners of what is new in it. */
    public void accepted(ReportVerifier.VerifiedReport verifiedReport) {
        RejectedReports.get().accepted(verifiedReport.agent());
        checkVersion(verifiedReport);
        Map<String, Set<StatusTopic>> news = index(IndexedReport.of(verifiedReport), true);
        staleAgentTimer.schedule(verifiedReport.staleAt());
        if (stale.remove(verifiedReport.agent())) {
            LOGGER.info(() -> "agent " + verifiedReport.agent() + " reports again");
        }
        StatusSources.changed(news);
    }

    /** Logs once per agent that it must be updated before the next release of this plugin. */
    private void checkVersion(ReportVerifier.VerifiedReport verifiedReport) {
        if (verifiedReport.version() == ReportSignature.VERSION) {
            outdated.remove(verifiedReport.agent());
        } else if (outdated.add(verifiedReport.agent())) {
            LOGGER.warning(() -> "agent " + verifiedReport.agent() + " " + OUTDATED);
        }
    }

    /** Logs once per agent that it stopped reporting, and notifies the listeners, so that its waits say so. */
    private Optional<Instant> checkForStale(Instant now) {
        Instant next = null;
        for (IndexedReport known : indexed.values()) {
            ReportVerifier.VerifiedReport last = known.received();
            if (now.isBefore(last.staleAt())) {
                next = next == null || last.staleAt().isBefore(next) ? last.staleAt() : next;
            } else if (stale.add(last.agent()) && isStillNewest(known)) {
                LOGGER.warning(() -> "agent " + last.agent() + " has not reported since " + last.at());
                StatusSources.changed(known.statuses().keys());
            }
        }
        return Optional.ofNullable(next);
    }

    /**
     * Unmarks the agent if it has reported again, since that report may have come just before the agent was marked as
     * stale.
     */
    private boolean isStillNewest(IndexedReport known) {
        String agent = known.received().agent();
        if (indexed.get(agent) == known) {
            return true;
        }
        stale.remove(agent);
        return false;
    }

    @Override
    public Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        Set<String> keys = repository.keys();
        List<AgentConfiguration> agents = GitopsConfiguration.get().getAgents();
        return target -> {
            List<AgentSnapshot> found = new ArrayList<>(1);
            for (AgentConfiguration agent : agents) {
                IndexedReport known = indexed.get(agent.getName());
                if (known != null && agent.mayReport(target.environment())) {
                    ReportVerifier.VerifiedReport verifiedReport = known.received();
                    boolean stale = verifiedReport.isStale(now);
                    for (Report.ApplicationStatus status : known.statuses().ofTarget(keys, target)) {
                        found.add(new AgentSnapshot(
                                status.deployer(), agent.getName(), verifiedReport.at(), stale, null, status));
                    }
                }
            }
            return found;
        };
    }

    @Override
    public List<String> silenceReasons(RepositoryConfiguration repository, Target target, Instant now) {
        return GitopsConfiguration.get().getAgents().stream()
                .filter(agent -> agent.mayReport(target.environment()))
                .filter(agent -> isMeant(agent, target))
                .map(agent -> {
                    IndexedReport known = indexed.get(agent.getName());
                    return SilentAgentMessage.of(
                            agent.getName(), known == null ? null : known.received(), repository, target, now);
                })
                .toList();
    }

    /**
     * Whether a report is from an observer. An agent in a dry run is read-only, too, but reports its own applications.
     */
    private static boolean isObserver(Report report) {
        return report.applications().isEmpty()
                ? report.readOnly()
                : report.applications().stream().anyMatch(Report.ApplicationStatus::isObserved);
    }

    /**
     * Whether a target expects reports from this agent: an observer reports for any deployer, any other agent only for
     * itself.
     */
    private boolean isMeant(AgentConfiguration agent, Target target) {
        boolean observes = newest(agent)
                .filter(verifiedReport -> isObserver(verifiedReport.report()))
                .isPresent();
        AgentReference by = target.agent();
        return by == null
                || target.isDeployedBy(AgentKind.AGENT, agent.getName())
                || observes && by.kind() != AgentKind.AGENT;
    }

    @Override
    public List<AgentInfo> agents(Instant now) {
        return GitopsConfiguration.get().getAgents().stream()
                .map(agent -> state(agent, now))
                .toList();
    }

    private AgentInfo state(AgentConfiguration agent, Instant now) {
        IndexedReport known = indexed.get(agent.getName());
        ReportVerifier.VerifiedReport verifiedReport = known == null ? null : known.received();
        return new AgentInfo(
                AgentKind.AGENT,
                agent.getName(),
                agent.getEnvironments(),
                verifiedReport == null ? null : verifiedReport.at(),
                verifiedReport != null && verifiedReport.isStale(now),
                outdated.contains(agent.getName()) ? OUTDATED : null,
                known == null ? List.of() : known.statuses().all());
    }

    /** The newest report of an agent; empty when it has never reported or is not configured. */
    public Optional<ReportVerifier.VerifiedReport> newest(AgentConfiguration agent) {
        return Optional.ofNullable(indexed.get(agent.getName())).map(IndexedReport::received);
    }

    /**
     * @param store whether to persist the report
     * @return the topics that changed; empty also when a newer report is already indexed
     */
    private Map<String, Set<StatusTopic>> index(IndexedReport fresh, boolean store) {
        Map<String, Set<StatusTopic>> news = new HashMap<>();
        ReportVerifier.VerifiedReport verifiedReport = fresh.received();
        // Two reports of one agent may be processed concurrently: the verifier knows which one is newer.
        indexed.compute(verifiedReport.agent(), (agent, last) -> {
            if (last != null
                    && verifier.newest(agent).filter(n -> n == verifiedReport).isEmpty()) {
                return last;
            }
            Map<String, Set<StatusTopic>> since =
                    last == null ? fresh.statuses().keys() : fresh.statuses().changedSince(last.statuses());
            if (store) {
                this.store.changed(verifiedReport, last == null || !since.isEmpty() || !last.isSameProcess(fresh));
            }
            boolean wasSilent = last != null
                    && !verifiedReport.at().isBefore(last.received().staleAt());
            news.putAll(wasSilent ? fresh.statuses().keys() : since);
            return fresh;
        });
        return news;
    }

    private Optional<String> secretOf(String agent) {
        return GitopsConfiguration.get().agent(agent).map(known -> SecretValidation.orDummy(known.getSecret()));
    }

    private void restore() {
        for (ReportVerifier.VerifiedReport stored : store.readAll()) {
            verifier.restore(stored);
            index(IndexedReport.of(stored), false);
            // Jenkins was down and could not receive reports, so the agent gets a full interval from now on.
            staleAgentTimer.schedule(Instant.now().plus(Duration.between(stored.at(), stored.staleAt())));
        }
    }

    /** Forgets agents that are not configured. */
    public void forgetUnconfigured() {
        GitopsConfiguration configuration = GitopsConfiguration.get();
        RejectedReports.get()
                .retain(configuration.getAgents().stream()
                        .map(AgentConfiguration::getName)
                        .collect(Collectors.toSet()));
        for (String agent : Set.copyOf(indexed.keySet())) {
            if (configuration.agent(agent).isEmpty()) {
                IndexedReport gone = indexed.remove(agent);
                verifier.forget(agent);
                store.remove(agent);
                stale.remove(agent);
                outdated.remove(agent);
                if (gone != null) {
                    StatusSources.changed(gone.statuses().keys());
                }
            }
        }
    }

    @Initializer(after = InitMilestone.EXTENSIONS_AUGMENTED, before = InitMilestone.SYSTEM_CONFIG_LOADED)
    public static void load() {
        ReportingAgents.get().restore();
    }

    @Terminator
    public static void stop() {
        ReportingAgents reportingAgents =
                ExtensionList.lookup(ReportingAgents.class).get(ReportingAgents.class);
        if (reportingAgents != null) {
            reportingAgents.store.flush();
        }
    }

    /** Forgets agents that the configuration no longer names. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class AgentRemovalListener extends SaveableListener {
        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof GitopsConfiguration) {
                ReportingAgents.get().forgetUnconfigured();
            }
        }
    }
}
