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
import io.jenkins.plugins.gitops.config.RepositoryUrl;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The newest report of each agent, found by target; outlives a restart. Safe for use by many threads, never blocks. */
@Extension
@Restricted(NoExternalUse.class)
public final class Reports {
    private static final int DECOY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String decoy = newDecoy();
    private final ReportInbox inbox = new ReportInbox(this::secretOf);
    private final Map<String, Indexed> indexed = new ConcurrentHashMap<>();
    private final ReportStore store = new ReportStore(
            Jenkins.get().getRootDir().toPath().resolve("gitops").resolve("agents"), inbox::newest);

    /** A place in a repository, in a form in which two ways to write it are equal. */
    private record Place(String repository, String path) {
        static String folder(String path) {
            String folder = path;
            while (folder.startsWith("./") || folder.startsWith("/")) {
                folder = folder.substring(folder.indexOf('/') + 1);
            }
            while (folder.endsWith("/")) {
                folder = folder.substring(0, folder.length() - 1);
            }
            return folder.equals(".") ? "" : folder;
        }
    }

    /** A report by the places that it speaks of, so that a dashboard of thousands of targets costs one look-up each. */
    private record Indexed(ReportInbox.Received received, Map<Place, List<Report.ApplicationStatus>> places) {
        static Indexed of(ReportInbox.Received received) {
            Map<Place, List<Report.ApplicationStatus>> places = new HashMap<>();
            Map<String, String> keys = new HashMap<>();
            for (Report.ApplicationStatus status : received.report().applications()) {
                String key = keys.computeIfAbsent(status.repository(), RepositoryUrl::key);
                places.computeIfAbsent(new Place(key, Place.folder(status.path())), p -> new ArrayList<>(1))
                        .add(status);
            }
            return new Indexed(received, places);
        }
    }

    public static Reports get() {
        return ExtensionList.lookupSingleton(Reports.class);
    }

    /** Where reports come in; what it accepts is to be handed to {@link #accepted}. */
    public ReportInbox inbox() {
        return inbox;
    }

    /** Keeps a report that the inbox accepted, and tells those who wait for one. */
    public void accepted(ReportInbox.Received received) {
        index(received);
        store.changed(received.agent());
        Set<String> repositories = repositoriesOf(received.report());
        if (!repositories.isEmpty()) {
            ExtensionList.lookup(ReportListener.class).forEach(listener -> listener.reported(repositories));
        }
    }

    /**
     * What agents say about a target: those that may speak for its environment and name its path in its repository, and
     * its Application where the path is that of several targets. More than one when several claim it.
     */
    public List<Snapshot> snapshots(RepositoryConfiguration repository, Target target, Instant now) {
        return snapshots(repository, now).apply(target);
    }

    /** The same for many targets of one repository: what does not depend on the target is done once. */
    public Function<Target, List<Snapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        String key = RepositoryUrl.key(repository.getUrl());
        List<AgentConfiguration> agents = GitopsConfiguration.get().getAgents();
        return target -> {
            Place place = new Place(key, Place.folder(target.path()));
            List<Snapshot> found = new ArrayList<>(1);
            for (AgentConfiguration agent : agents) {
                Indexed known = indexed.get(agent.getName());
                List<Report.ApplicationStatus> there =
                        known == null ? null : known.places().get(place);
                if (there != null && agent.mayReport(target.environment())) {
                    ReportInbox.Received received = known.received();
                    boolean stale = !now.isBefore(received.staleAt());
                    there.stream()
                            .filter(s -> target.isReportedAs(s.name()))
                            .forEach(s -> found.add(new Snapshot(agent.getName(), received.at(), stale, s)));
                }
            }
            return found;
        };
    }

    /** The newest report of an agent; empty when it never reported, or is not configured. */
    public Optional<ReportInbox.Received> newest(AgentConfiguration agent) {
        return Optional.ofNullable(indexed.get(agent.getName())).map(Indexed::received);
    }

    private void index(ReportInbox.Received received) {
        Indexed fresh = Indexed.of(received);
        // Two reports of one agent may be handled at once: the inbox knows which of them is the newer.
        indexed.compute(
                received.agent(),
                (agent, last) -> last == null
                                || inbox.newest(agent)
                                        .filter(n -> n == received)
                                        .isPresent()
                        ? fresh
                        : last);
    }

    private static Set<String> repositoriesOf(Report report) {
        Set<String> keys = new HashSet<>();
        Set<String> urls = new HashSet<>();
        for (Report.ApplicationStatus status : report.applications()) {
            if (urls.add(status.repository())) {
                keys.add(RepositoryUrl.key(status.repository()));
            }
        }
        Set<String> names = new HashSet<>();
        for (RepositoryConfiguration repository : GitopsConfiguration.get().getRepositories()) {
            if (keys.contains(RepositoryUrl.key(repository.getUrl()))) {
                names.add(repository.getName());
            }
        }
        return names;
    }

    /** A stranger's report is checked against a secret that nobody knows, so that it takes as long to refuse. */
    private Optional<String> secretOf(String agent) {
        return Optional.of(GitopsConfiguration.get()
                .agent(agent)
                .map(a -> a.getSecret().getPlainText())
                .filter(secret -> secret.length() >= AgentConfiguration.LEAST_SECRET)
                .orElse(decoy));
    }

    private static String newDecoy() {
        byte[] bytes = new byte[DECOY_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void restore() {
        for (ReportInbox.Received stored : store.readAll()) {
            inbox.restore(stored);
            index(stored);
        }
    }

    private void forgetUnconfigured() {
        GitopsConfiguration configuration = GitopsConfiguration.get();
        for (String agent : Set.copyOf(indexed.keySet())) {
            if (configuration.agent(agent).isEmpty()) {
                indexed.remove(agent);
                inbox.forget(agent);
                store.remove(agent);
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
