package io.jenkins.plugins.gitops.core.argocd;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which applications the server is to look at Git for: once for each awaited commit, and once more when the second in
 * which an operation ended leaves open what the comparison saw. Never in a loop. Not safe for use by several threads.
 */
public final class Refreshes {
    /** So long after the sight of a doubt a comparison surely begins in another second, or has come by itself. */
    static final Duration NEXT_SECOND = Duration.ofMillis(1_100);
    /** Asked in vain that often, an application is left to the server's own pace. */
    private static final int MAX_TRIES = 3;

    private static final int ANSWERED = MAX_TRIES;
    private static final String COMMIT = "commit ";

    /** How often a reason was tried, by application. */
    private final Map<String, Map<String, Integer>> tried = new HashMap<>();

    private final Set<String> running = new HashSet<>();
    private final Map<String, Doubt> doubts = new HashMap<>();

    /** The end of an operation that leaves open what the comparison saw, and when that was noticed. */
    private record Doubt(String end, Instant since) {}

    /**
     * Why an application is to be refreshed now; one refresh does for all reasons.
     *
     * @param commits the commits that are awaited in it
     * @return what to hand to {@link #begin}; empty when it need not be
     */
    public List<String> due(ArgoState application, Collection<String> commits, Instant now) {
        List<String> reasons = new ArrayList<>();
        for (String commit : commits) {
            boolean there = application.statuses().stream().allMatch(s -> commit.equals(s.comparedRevision()));
            if (!there) {
                reasons.add(COMMIT + commit);
            }
        }
        String end = application.undecidedEnd();
        if (end == null) {
            doubts.remove(application.key());
        } else if (isOld(application.key(), end, now)) {
            reasons.add("end " + end);
        }
        Map<String, Integer> before = tried.getOrDefault(application.key(), Map.of());
        reasons.removeIf(reason -> before.getOrDefault(reason, 0) >= MAX_TRIES);
        return running.contains(application.key()) ? List.of() : reasons;
    }

    private boolean isOld(String key, String end, Instant now) {
        Doubt doubt = doubts.get(key);
        if (doubt == null || !doubt.end().equals(end)) {
            doubts.put(key, new Doubt(end, now));
            return false;
        }
        return !now.isBefore(doubt.since().plus(NEXT_SECOND));
    }

    /** The server is being asked. */
    public void begin(ArgoState application, List<String> reasons) {
        Map<String, Integer> tries = tried.computeIfAbsent(application.key(), k -> new HashMap<>());
        reasons.forEach(reason -> tries.merge(reason, 1, Integer::sum));
        running.add(application.key());
    }

    /** The server has answered; after a failure it may be asked again. */
    public void end(ArgoState application, List<String> reasons, boolean answered) {
        running.remove(application.key());
        Map<String, Integer> tries = tried.get(application.key());
        if (answered && tries != null) {
            reasons.forEach(reason -> tries.put(reason, ANSWERED));
        }
    }

    /**
     * Forgets all but what is awaited.
     *
     * @param awaited the commits by the key of the application
     */
    public void retain(Map<String, Set<String>> awaited) {
        tried.keySet().retainAll(awaited.keySet());
        doubts.keySet().retainAll(awaited.keySet());
        tried.forEach((key, reasons) -> reasons.keySet()
                .removeIf(reason ->
                        reason.startsWith(COMMIT) && !awaited.get(key).contains(reason.substring(COMMIT.length()))));
    }
}
