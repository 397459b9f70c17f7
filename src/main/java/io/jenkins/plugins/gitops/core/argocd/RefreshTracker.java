package io.jenkins.plugins.gitops.core.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Determines which applications the server must refresh from Git: once for each awaited commit, and again only for a
 * reason, with increasing back-off. The reasons are: the comparison may not have seen the end of an operation, since
 * both have times of the same second; the comparison failed, perhaps only because a part of Argo CD was unreachable;
 * the status is old; the server did not respond. Not thread-safe.
 */
public final class RefreshTracker {
    /** How long after an ambiguous end a new comparison certainly starts in another second, or has run by itself. */
    static final Duration NEXT_SECOND = Duration.ofMillis(1_100);
    /** A status that was compared longer ago is outdated; Argo CD compares every three minutes by default. */
    static final Duration OLD = Duration.ofMinutes(3);
    /** The same if a refresh was already requested because of its age. */
    static final Duration VERY_OLD = Duration.ofMinutes(10);
    /** If a refresh is not performed within this time, the application-controller is assumed not to be running. */
    static final Duration UNANSWERED = Duration.ofSeconds(20);

    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5));

    private static final String COMMIT = "commit ";
    private static final String END = "end ";
    private static final String ERROR = "error";
    private static final String AGE = "age";

    private final Map<String, RefreshState> asked = new HashMap<>();

    /** The requested refreshes of one application. */
    private static final class RefreshState {
        private final Set<String> answered = new HashSet<>();
        /** The number of consecutive requests, by reason. */
        private final Map<String, Integer> tries = new HashMap<>();

        private boolean running;
        private Instant notBefore = Instant.MIN;
        /** The end of an operation that the comparison may not have seen, and when that was noticed. */
        private String ambiguousEnd;

        private Instant ambiguousSince;
        private Instant error;
        /** When the pending refresh was requested, and the time of the last comparison before it. */
        private Instant waitingSince;

        private Instant comparedBefore;
    }

    /**
     * The reasons to refresh an application now; one refresh serves all of them.
     *
     * @param commits the commits that steps are waiting for in it
     * @param proven whether the awaited change is known to run, so that the end of the last operation does not matter
     * @return the reasons to pass to {@link #begin}; empty if no refresh is needed
     */
    public List<String> due(ArgoCdApplication application, Collection<String> commits, boolean proven, Instant now) {
        RefreshState before = asked.computeIfAbsent(application.key(), k -> new RefreshState());
        List<String> reasons = new ArrayList<>();
        for (String commit : commits) {
            boolean there = application.statuses().stream().allMatch(s -> commit.equals(s.comparedRevision()));
            if (!there) {
                reasons.add(COMMIT + commit);
            }
        }
        if (reasons.isEmpty() && isTooOld(application, now)) {
            reasons.add(AGE);
        }
        String end = proven || application.isUnknown() ? null : application.ambiguousSyncEnd();
        if (isAmbiguityOld(before, end, now)) {
            reasons.add(END + end);
        }
        if (isErrorOld(before, application, now)) {
            reasons.add(ERROR);
        }
        reasons.removeIf(reason -> !isRepeated(reason) && before.answered.contains(reason));
        boolean wait = before.running || application.facts().refreshPending() || now.isBefore(before.notBefore);
        return wait ? List.of() : reasons;
    }

    /** Whether the status of an awaited application is so old that a refresh is required before it counts. */
    public boolean isTooOld(ArgoCdApplication application, Instant now) {
        RefreshState before = asked.get(application.key());
        Instant compared = application.facts().comparedAt();
        return before != null
                && compared != null
                && now.isAfter(compared.plus(before.answered.contains(AGE) ? VERY_OLD : OLD));
    }

    /** Whether a refresh for these reasons can be deferred while there are many other requests. */
    public static boolean canWait(List<String> reasons) {
        return reasons.equals(List.of(AGE));
    }

    private static boolean isAmbiguityOld(RefreshState before, @CheckForNull String end, Instant now) {
        if (!Objects.equals(before.ambiguousEnd, end)) {
            before.ambiguousEnd = end;
            before.ambiguousSince = now;
        }
        return end != null && !now.isBefore(before.ambiguousSince.plus(NEXT_SECOND));
    }

    /** A failed comparison is repeated after a pause, to distinguish a temporary error from a lasting one. */
    private static boolean isErrorOld(RefreshState before, ArgoCdApplication application, Instant now) {
        if (!application.isUnknown()) {
            before.error = null;
            before.tries.remove(ERROR);
            return false;
        }
        if (before.error == null) {
            before.error = now;
        }
        return !now.isBefore(before.error.plus(PAUSES.get(0)));
    }

    /** Records the start of a request. */
    public void begin(ArgoCdApplication application, List<String> reasons, Instant now) {
        RefreshState one = asked.computeIfAbsent(application.key(), k -> new RefreshState());
        reasons.forEach(reason -> one.tries.merge(reason, 1, Integer::sum));
        one.running = true;
        if (one.waitingSince == null) {
            one.waitingSince = now;
            one.comparedBefore = application.facts().comparedAt();
        }
    }

    /** Records the end of a request. After a failure, the next one follows after a pause. */
    public void end(ArgoCdApplication application, List<String> reasons, boolean answered, Instant now) {
        RefreshState one = asked.get(application.key());
        if (one == null) {
            return;
        }
        one.running = false;
        Instant waitingSince = one.waitingSince;
        int tries = reasons.stream()
                .mapToInt(reason -> one.tries.getOrDefault(reason, 1))
                .max()
                .orElse(1);
        if (answered) {
            one.answered.addAll(reasons);
            one.waitingSince = null;
        } else if (waitingSince != null && now.isBefore(waitingSince.plus(UNANSWERED))) {
            // The request failed at once, so the server is unreachable. That says nothing about the
            // application-controller.
            one.waitingSince = null;
        }
        boolean pause = !answered || reasons.stream().anyMatch(RefreshTracker::isRepeated);
        one.notBefore = pause ? now.plus(PAUSES.get(Math.min(tries, PAUSES.size()) - 1)) : Instant.MIN;
    }

    private static boolean isRepeated(String reason) {
        return reason.equals(ERROR) || reason.equals(AGE);
    }

    /** Whether the server has refreshed the application for these commits, or has already compared them. */
    public boolean isRefreshed(ArgoCdApplication application, Collection<String> commits) {
        RefreshState one = asked.get(application.key());
        return commits.stream()
                .allMatch(commit -> one != null && one.answered.contains(COMMIT + commit)
                        || application.statuses().stream().anyMatch(s -> commit.equals(s.comparedRevision())));
    }

    /**
     * Whether a requested refresh has been pending for so long that the application-controller is probably not running.
     */
    public boolean isUnanswered(ArgoCdApplication application, Instant now) {
        RefreshState one = asked.get(application.key());
        if (one == null || one.waitingSince == null) {
            return false;
        }
        if (!Objects.equals(application.facts().comparedAt(), one.comparedBefore)) {
            one.waitingSince = null;
            return false;
        }
        return !now.isBefore(one.waitingSince.plus(UNANSWERED));
    }

    /**
     * Removes all that is not awaited.
     *
     * @param awaited the commits by the key of the application
     */
    public void retain(Map<String, Set<String>> awaited) {
        asked.keySet().retainAll(awaited.keySet());
        asked.forEach((key, one) -> {
            one.answered.removeIf(reason -> isForgotten(reason, awaited.get(key)));
            one.tries.keySet().removeIf(reason -> isForgotten(reason, awaited.get(key)));
        });
    }

    private static boolean isForgotten(String reason, Set<String> commits) {
        return reason.startsWith(COMMIT) && !commits.contains(reason.substring(COMMIT.length()));
    }
}
