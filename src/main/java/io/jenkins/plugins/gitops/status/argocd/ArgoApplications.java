package io.jenkins.plugins.gitops.status.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a server said last of each application. Answers may come in another order than they were asked for, and from
 * replicas of which one is behind: what is older than what is known is dropped.
 */
final class ArgoApplications {
    /** So many are asked for one by one after a list. */
    private static final int MAX_DETAILS = 50;
    /** Numbers that fall for longer are those of a cluster that was restored from a backup. */
    private static final Duration BEHIND = Duration.ofSeconds(30);

    private final String agent;
    private final Map<String, Entry> entries = new TreeMap<>();
    private volatile View view;

    /** @param askedAt when the request was sent that brought it */
    private record Entry(ArgoState state, Instant askedAt, Instant heardAt) {}

    /**
     * What others see.
     *
     * @param byLabel the applications by {@link ArgoState#label}
     */
    record View(Statuses statuses, Map<String, ArgoState> byLabel, Map<String, Instant> heardAt) {
        /** When an application was last heard of. */
        Instant heardAt(String label) {
            return heardAt.getOrDefault(label, Instant.EPOCH);
        }
    }

    ArgoApplications(String agent) {
        this.agent = agent;
        this.view = new View(new Statuses(AgentKind.ARGO_CD, agent, List.of()), Map.of(), Map.of());
    }

    View view() {
        return view;
    }

    @CheckForNull
    synchronized ArgoState find(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.state();
    }

    /**
     * Takes a list in: what is not on it is gone.
     *
     * @param wanted those about which more is to be told first than the list tells
     * @return those of them that are to be asked for one by one; until then what was known of them stands
     */
    synchronized List<ArgoState> merge(
            List<ArgoState> listed, Instant askedAt, Instant heardAt, Predicate<ArgoState> wanted) {
        Set<String> seen = new HashSet<>();
        List<ArgoState> details = new ArrayList<>();
        for (ArgoState state : listed) {
            seen.add(state.key());
            Entry known = entries.get(state.key());
            if (known != null && isOutdated(state, askedAt, heardAt, known)) {
                continue;
            }
            boolean same = known != null && isSame(known.state(), state);
            if (wanted.test(state) && details.size() < MAX_DETAILS) {
                details.add(state);
                if (known != null) {
                    continue;
                }
            }
            entries.put(state.key(), new Entry(same ? known.state() : state, askedAt, heardAt));
        }
        entries.entrySet()
                .removeIf(entry -> !seen.contains(entry.getKey())
                        && !entry.getValue().askedAt().isAfter(askedAt));
        return details;
    }

    /** Takes one application in. */
    synchronized void accept(ArgoState state, Instant askedAt, Instant heardAt) {
        Entry known = entries.get(state.key());
        if (known == null || !isOutdated(state, askedAt, heardAt, known)) {
            entries.put(state.key(), new Entry(state, askedAt, heardAt));
        }
    }

    /** One that is gone. */
    synchronized void remove(String key) {
        entries.remove(key);
    }

    private static boolean isOutdated(ArgoState state, Instant askedAt, Instant heardAt, Entry known) {
        if (known.state().isNewerThan(state)) {
            return heardAt.isBefore(known.heardAt().plus(BEHIND));
        }
        return known.askedAt().isAfter(askedAt) && !state.isNewerThan(known.state()) && !isSame(known.state(), state);
    }

    /** Not written since: what is known holds more than a list. */
    private static boolean isSame(ArgoState known, ArgoState state) {
        return known.uid().equals(state.uid()) && known.version() >= 0 && known.version() == state.version();
    }

    /** Shows to others what was taken in; what is new in it, by repository. */
    synchronized Map<String, Set<StatusKey>> publish() {
        Collection<Entry> all = entries.values();
        Map<String, ArgoState> byLabel = new HashMap<>();
        Map<String, Instant> heard = new HashMap<>();
        all.forEach(entry -> {
            byLabel.put(entry.state().label(), entry.state());
            heard.put(entry.state().label(), entry.heardAt());
        });
        Statuses statuses = new Statuses(
                AgentKind.ARGO_CD,
                agent,
                all.stream().flatMap(e -> e.state().statuses().stream()).toList());
        Statuses before = view.statuses();
        view = new View(statuses, byLabel, heard);
        return statuses.since(before);
    }
}
