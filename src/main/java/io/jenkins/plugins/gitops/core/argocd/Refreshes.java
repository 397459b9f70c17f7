package io.jenkins.plugins.gitops.core.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which applications the server is to look at Git for: once for each awaited commit, and once more when the second in
 * which an operation ended leaves open what the comparison saw. Never in a loop. Not safe for use by several threads.
 */
public final class Refreshes {
    /** Asked in vain that often, an application is left to the server's own pace. */
    private static final int MAX_TRIES = 3;

    /** So long after the sight of a doubt a comparison surely begins in another second, or has come by itself. */
    static final Duration NEXT_SECOND = Duration.ofMillis(1_100);

    /** How often what was asked, by application; less than zero when it was answered. */
    private final Map<String, Map<String, Integer>> asked = new HashMap<>();

    private final Set<String> running = new HashSet<>();

    private final Map<String, Doubt> doubts = new HashMap<>();

    /** The end of an operation that leaves open what the comparison saw, and when that was noticed. */
    private record Doubt(String end, Instant since) {}

    /**
     * Whether an application is to be refreshed for a commit that is awaited.
     *
     * @return what to hand to {@link #begin}; null when it need not be
     */
    @CheckForNull
    public String due(ArgoState application, String commit) {
        boolean there = application.statuses().stream().allMatch(s -> commit.equals(s.comparedRevision()));
        return there ? null : open(application, "commit " + commit);
    }

    /**
     * Whether an application is to be refreshed because of the second in which its last operation ended.
     *
     * @return what to hand to {@link #begin}; null when it need not be, or not yet
     */
    @CheckForNull
    public String undecided(ArgoState application, Instant now) {
        String end = application.undecidedEnd();
        if (end == null) {
            doubts.remove(application.key());
            return null;
        }
        Doubt doubt = doubts.get(application.key());
        if (doubt == null || !doubt.end().equals(end)) {
            doubts.put(application.key(), new Doubt(end, now));
            return null;
        }
        return now.isBefore(doubt.since().plus(NEXT_SECOND)) ? null : open(application, "end " + end);
    }

    @CheckForNull
    private String open(ArgoState application, String reason) {
        int tries = asked.getOrDefault(application.key(), Map.of()).getOrDefault(reason, 0);
        return running.contains(application.key()) || tries >= MAX_TRIES || tries < 0 ? null : reason;
    }

    /** The server is being asked. */
    public void begin(ArgoState application, String reason) {
        asked.computeIfAbsent(application.key(), k -> new HashMap<>()).merge(reason, 1, Integer::sum);
        running.add(application.key());
    }

    /** The server has answered; after a failure it may be asked again. */
    public void end(ArgoState application, String reason, boolean answered) {
        running.remove(application.key());
        Map<String, Integer> reasons = asked.get(application.key());
        if (answered && reasons != null) {
            reasons.put(reason, -1);
        }
    }

    /** Forgets all but what is awaited. */
    public void retain(Set<String> keys, Set<String> commits) {
        asked.keySet().retainAll(keys);
        doubts.keySet().retainAll(keys);
        asked.values().forEach(reasons -> reasons.keySet()
                .removeIf(r -> r.startsWith("commit ") && !commits.contains(r.substring("commit ".length()))));
    }
}
