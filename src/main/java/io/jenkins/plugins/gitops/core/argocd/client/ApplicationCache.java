package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoAnswers;
import io.jenkins.plugins.gitops.core.argocd.ArgoState;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.sync.StatusKey;
import io.jenkins.plugins.gitops.core.sync.Statuses;
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
 * What a server said last of each application. Answers may come in another order than they were asked for, and from
 * replicas of which one is behind: what is older than what is known is dropped.
 */
final class ApplicationCache {
    /** Numbers that fall for longer are those of a cluster that was restored from a backup. */
    private static final Duration BEHIND = Duration.ofSeconds(30);
    /** So many deleted applications are remembered. */
    private static final int MAX_DELETED = 1_000;

    private final String agent;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, Deleted> deleted = new LinkedHashMap<>();
    private volatile View view;
    private volatile String serverNamespace;

    /** @param askedAt when the request was sent that brought it; of an event, when it came */
    private record Entry(ArgoState state, Instant askedAt, Instant heardAt, ComparisonOrder order) {}

    private record Deleted(ArgoState state, Instant at) {}

    /**
     * What others see.
     *
     * @param byLabel the applications by {@link ArgoState#label}
     * @param gone those that are no longer there, with what became of them as message
     */
    record View(Statuses statuses, Map<String, ArgoState> byLabel, Map<String, Instant> heardAt, Statuses gone) {
        /** When an application was last heard of. */
        Instant heardAt(String label) {
            return heardAt.getOrDefault(label, Instant.EPOCH);
        }
    }

    /**
     * @param news what is new, by repository
     * @param otherPlaces whether applications came, went or moved
     */
    record Published(Map<String, Set<StatusKey>> news, boolean otherPlaces) {}

    ApplicationCache(String agent) {
        this.agent = agent;
        this.view = new View(statuses(List.of()), Map.of(), Map.of(), statuses(List.of()));
    }

    private Statuses statuses(Collection<ArgoState> states) {
        return new Statuses(
                AgentKind.ARGO_CD,
                agent,
                states.stream().flatMap(state -> state.statuses().stream()).toList());
    }

    View view() {
        return view;
    }

    /** The namespace of the server itself; null until it is known. */
    @CheckForNull
    String serverNamespace() {
        return serverNamespace;
    }

    /** All as they were taken in. */
    synchronized List<ArgoState> all() {
        return entries.values().stream().map(Entry::state).toList();
    }

    @CheckForNull
    synchronized ArgoState find(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.state();
    }

    /** Takes a list in: what is not on it is gone. */
    synchronized void merge(ArgoAnswers.Listing listing, Instant askedAt, Instant heardAt) {
        serverNamespace = listing.serverNamespace();
        Set<String> seen = new HashSet<>();
        for (ArgoState state : listing.applications()) {
            seen.add(state.key());
            accept(state, askedAt, heardAt);
        }
        List<ArgoState> gone = entries.entrySet().stream()
                .filter(e ->
                        !seen.contains(e.getKey()) && !e.getValue().askedAt().isAfter(askedAt))
                .map(e -> e.getValue().state())
                .toList();
        gone.forEach(state ->
                remove(state, "is no longer listed: it was deleted, or the token may no longer read it", heardAt));
    }

    /** Takes one application in. */
    synchronized void accept(ArgoState state, Instant askedAt, Instant heardAt) {
        Deleted before = deleted.get(state.key());
        if (before != null) {
            if (before.state().uid().equals(state.uid()) && !askedAt.isAfter(before.at())) {
                return;
            }
            deleted.remove(state.key());
        }
        Entry known = entries.get(state.key());
        if (known == null || !isOutdated(state, askedAt, heardAt, known)) {
            ComparisonOrder order =
                    known == null ? ComparisonOrder.NONE : known.order().then(known.state(), state);
            entries.put(state.key(), new Entry(state, askedAt, heardAt, order));
        }
    }

    /** Takes a line of the stream in. */
    void take(ArgoAnswers.Event event, Instant now) {
        if (event.deleted()) {
            remove(event.application(), "was deleted", now);
        } else {
            accept(event.application(), now, now);
        }
    }

    private synchronized void remove(ArgoState state, String why, Instant at) {
        entries.remove(state.key());
        deleted.remove(state.key());
        deleted.put(state.key(), new Deleted(state.with(s -> s.withMessage(why)), at));
        if (deleted.size() > MAX_DELETED) {
            deleted.remove(deleted.keySet().iterator().next());
        }
    }

    private static boolean isOutdated(ArgoState state, Instant askedAt, Instant heardAt, Entry known) {
        if (known.state().isNewerThan(state)) {
            return heardAt.isBefore(known.heardAt().plus(BEHIND));
        }
        return known.askedAt().isAfter(askedAt) && !state.isNewerThan(known.state()) && !isSame(known.state(), state);
    }

    private static boolean isSame(ArgoState known, ArgoState state) {
        return known.uid().equals(state.uid()) && known.version() >= 0 && known.version() == state.version();
    }

    /**
     * Shows to others what was taken in.
     *
     * @param complete adds what is known of an application beside itself
     */
    synchronized Published publish(UnaryOperator<ArgoState> complete) {
        List<ArgoState> all = new ArrayList<>(entries.size());
        Map<String, ArgoState> byLabel = new HashMap<>();
        Map<String, Instant> heard = new HashMap<>();
        entries.values().forEach(entry -> {
            ArgoState state = complete.apply(entry.order().applied(entry.state()));
            all.add(state);
            byLabel.put(state.label(), state);
            heard.put(state.label(), entry.heardAt());
        });
        Statuses statuses = statuses(all);
        Statuses before = view.statuses();
        Statuses gone = statuses(deleted.values().stream().map(Deleted::state).toList());
        view = new View(statuses, byLabel, heard, gone);
        return new Published(statuses.since(before), !statuses.isAboutTheSameAs(before));
    }
}
