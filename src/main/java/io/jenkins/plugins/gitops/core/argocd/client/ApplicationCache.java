package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdResponses;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.report.StatusIndex;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The last known state of each application of a server. Responses may arrive in another order than their requests, and
 * from replicas that lag behind; a state that is older than the known one is dropped.
 */
final class ApplicationCache {
    /** If resource versions stay lower for longer, the cluster was restored from a backup. */
    private static final Duration MAX_VERSION_REGRESSION = Duration.ofSeconds(30);
    /** The maximum number of deleted applications to remember. */
    private static final int MAX_DELETED = 1_000;

    private final String agent;
    private final Map<String, CachedApplication> entries = new TreeMap<>();
    private final Map<String, DeletedApplication> deleted = new LinkedHashMap<>();
    private volatile CacheView view;
    private volatile String serverNamespace;

    /**
     * A cached application.
     *
     * @param askedAt when the request that returned it was sent; for an event, when it was received
     */
    private record CachedApplication(
            ArgoCdApplication state, Instant askedAt, Instant heardAt, ComparisonOrder order) {}

    private record DeletedApplication(ArgoCdApplication state, Instant at) {}

    /**
     * An immutable view for readers.
     *
     * @param byLabel the applications by {@link ArgoCdApplication#label}
     * @param deleted the applications that no longer exist, with the reason as message
     */
    record CacheView(
            StatusIndex statuses,
            Map<String, ArgoCdApplication> byLabel,
            Map<String, Instant> heardAt,
            StatusIndex deleted) {
        /** When the application was last received. */
        Instant heardAt(String label) {
            return heardAt.getOrDefault(label, Instant.EPOCH);
        }
    }

    /**
     * The result of a publication.
     *
     * @param news the changed topics, by repository
     * @param otherPlaces whether applications were added, removed or moved
     */
    record ChangedTopics(Map<String, Set<StatusTopic>> news, boolean otherPlaces) {}

    ApplicationCache(String agent) {
        this.agent = agent;
        this.view = new CacheView(statuses(List.of()), Map.of(), Map.of(), statuses(List.of()));
    }

    private StatusIndex statuses(Collection<ArgoCdApplication> states) {
        return new StatusIndex(
                AgentKind.ARGO_CD,
                agent,
                states.stream().flatMap(state -> state.statuses().stream()).toList());
    }

    CacheView view() {
        return view;
    }

    /** The namespace of the server itself; null while unknown. */
    @CheckForNull
    String serverNamespace() {
        return serverNamespace;
    }

    /** All applications as received. */
    synchronized List<ArgoCdApplication> all() {
        return entries.values().stream().map(CachedApplication::state).toList();
    }

    @CheckForNull
    synchronized ArgoCdApplication find(String key) {
        CachedApplication cachedApplication = entries.get(key);
        return cachedApplication == null ? null : cachedApplication.state();
    }

    /** Merges a list; an application that is missing from it is treated as deleted. */
    synchronized void merge(ArgoCdResponses.ApplicationListing listing, Instant askedAt, Instant heardAt) {
        serverNamespace = listing.serverNamespace();
        Set<String> seen = new HashSet<>();
        for (ArgoCdApplication state : listing.applications()) {
            seen.add(state.key());
            put(state, askedAt, heardAt);
        }
        List<ArgoCdApplication> gone = entries.entrySet().stream()
                .filter(e ->
                        !seen.contains(e.getKey()) && !e.getValue().askedAt().isAfter(askedAt))
                .map(e -> e.getValue().state())
                .toList();
        gone.forEach(state ->
                remove(state, "is no longer listed: it was deleted, or the token may no longer read it", heardAt));
    }

    /** Merges one application. */
    synchronized void put(ArgoCdApplication state, Instant askedAt, Instant heardAt) {
        DeletedApplication before = deleted.get(state.key());
        if (before != null) {
            if (before.state().uid().equals(state.uid()) && !askedAt.isAfter(before.at())) {
                return;
            }
            deleted.remove(state.key());
        }
        CachedApplication known = entries.get(state.key());
        if (known == null || !isOutdated(state, askedAt, heardAt, known)) {
            ComparisonOrder order =
                    known == null ? ComparisonOrder.NONE : known.order().then(known.state(), state);
            entries.put(state.key(), new CachedApplication(state, askedAt, heardAt, order));
        }
    }

    /** Merges an event of the stream. */
    void apply(ArgoCdResponses.ApplicationEvent event, Instant now) {
        if (event.deleted()) {
            remove(event.application(), "was deleted", now);
        } else {
            put(event.application(), now, now);
        }
    }

    private synchronized void remove(ArgoCdApplication state, String why, Instant at) {
        entries.remove(state.key());
        deleted.remove(state.key());
        deleted.put(state.key(), new DeletedApplication(state.with(s -> s.withMessage(why)), at));
        if (deleted.size() > MAX_DELETED) {
            deleted.remove(deleted.keySet().iterator().next());
        }
    }

    private static boolean isOutdated(
            ArgoCdApplication state, Instant askedAt, Instant heardAt, CachedApplication known) {
        if (known.state().isNewerThan(state)) {
            return heardAt.isBefore(known.heardAt().plus(MAX_VERSION_REGRESSION));
        }
        return known.askedAt().isAfter(askedAt) && !state.isNewerThan(known.state()) && !isSame(known.state(), state);
    }

    private static boolean isSame(ArgoCdApplication known, ArgoCdApplication state) {
        return known.uid().equals(state.uid()) && known.version() >= 0 && known.version() == state.version();
    }

    /**
     * Publishes the merged state to readers.
     *
     * @param complete adds the separately fetched details to an application
     */
    synchronized ChangedTopics publish(UnaryOperator<ArgoCdApplication> complete) {
        List<ArgoCdApplication> all = new ArrayList<>(entries.size());
        Map<String, ArgoCdApplication> byLabel = new HashMap<>();
        Map<String, Instant> heard = new HashMap<>();
        entries.values().forEach(cachedApplication -> {
            ArgoCdApplication state = complete.apply(cachedApplication.order().applied(cachedApplication.state()));
            all.add(state);
            byLabel.put(state.label(), state);
            heard.put(state.label(), cachedApplication.heardAt());
        });
        StatusIndex statusIndex = statuses(all);
        StatusIndex before = view.statuses();
        StatusIndex gone = statuses(
                deleted.values().stream().map(DeletedApplication::state).toList());
        view = new CacheView(statusIndex, byLabel, heard, gone);
        return new ChangedTopics(statusIndex.changedSince(before), !statusIndex.hasSameTopics(before));
    }
}
