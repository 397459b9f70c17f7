package io.jenkins.plugins.gitops.status;

import hudson.ExtensionList;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryUrl;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.SourcePrecedence;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Combines the agents of all kinds into one source. */
@Restricted(NoExternalUse.class)
public final class StatusSources {
    /** At most this many silent agents are listed; the others are only counted. */
    private static final int MAX_SILENT = 4;

    private StatusSources() {}

    private static List<StatusSource> all() {
        return ExtensionList.lookup(StatusSource.class);
    }

    /** What agents report about a target; more than one snapshot when several agents claim it. */
    public static List<AgentSnapshot> snapshots(RepositoryConfiguration repository, Target target, Instant now) {
        return snapshots(repository, now).apply(target);
    }

    /**
     * As {@link #snapshots(RepositoryConfiguration, Target, Instant)} for many targets of one repository: work that
     * does not depend on the target is done once.
     */
    public static Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        List<Function<Target, List<AgentSnapshot>>> sources =
                all().stream().map(s -> s.snapshots(repository, now)).toList();
        return target -> {
            List<AgentSnapshot> found = new ArrayList<>(1);
            sources.forEach(s -> found.addAll(s.apply(target)));
            return SourcePrecedence.authoritative(found);
        };
    }

    /**
     * Why no agent reports on a target: each agent that could, with the reason.
     *
     * @return one line without a full stop
     */
    public static String silenceReasons(RepositoryConfiguration repository, Target target, Instant now) {
        List<String> reasons = all().stream()
                .flatMap(s -> s.silenceReasons(repository, target, now).stream())
                .toList();
        if (reasons.isEmpty()) {
            return "no agent that may report it is configured in Jenkins for " + target.environment();
        }
        String told = String.join("; ", reasons.subList(0, Math.min(MAX_SILENT, reasons.size())));
        return reasons.size() <= MAX_SILENT ? told : told + "; and " + (reasons.size() - MAX_SILENT) + " more";
    }

    /** Links to the pages on which agents show a target. */
    public static List<AgentLink> links(RepositoryConfiguration repository, Target target) {
        List<AgentLink> links = new ArrayList<>(1);
        for (AgentSnapshot snapshot : snapshots(repository, target, Instant.now())) {
            String text = snapshot.status().name() + " in " + snapshot.kind().displayName() + " " + snapshot.agent();
            link(snapshot).flatMap(page -> AgentLink.of(text, page)).ifPresent(links::add);
        }
        return links;
    }

    /** All configured agents. */
    public static List<AgentInfo> agents(Instant now) {
        return all().stream().flatMap(s -> s.agents(now).stream()).toList();
    }

    /** A page with more information about a snapshot, with scheme http or https. */
    private static Optional<URI> link(AgentSnapshot snapshot) {
        return all().stream().flatMap(source -> source.link(snapshot).stream()).findFirst();
    }

    /** Announces a new wait to every source. */
    public static void awaited(String id, RepositoryConfiguration repository, Expectation expectation) {
        all().forEach(s -> s.awaited(id, repository, expectation));
    }

    /** Announces the end of a wait to every source. */
    public static void released(String id) {
        all().forEach(s -> s.released(id));
    }

    /**
     * Notifies all listeners of changed topics.
     *
     * @param news by repository, with keys as returned by {@link RepositoryUrl#key}
     */
    public static void changed(Map<String, Set<StatusTopic>> news) {
        if (news.isEmpty()) {
            return;
        }
        for (RepositoryConfiguration repository : GitopsConfiguration.get().getRepositories()) {
            Set<StatusTopic> keys = repository.keys().stream()
                    .flatMap(key -> news.getOrDefault(key, Set.of()).stream())
                    .collect(Collectors.toSet());
            if (!keys.isEmpty()) {
                ExtensionList.lookup(StatusListener.class).forEach(l -> l.changed(repository.getName(), keys));
            }
        }
    }
}
