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
 * Which applications the server is to look at Git for: once for each awaited commit, and again only for a cause, after pauses
 * that grow. Causes are: the second in which an operation ended leaves open what the comparison saw; the comparison failed,
 * perhaps only since a part of Argo CD was away; the status is old; the server did not answer. Not safe for use by several
 * threads.
 */
public final class RefreshTracker {
    /** So long after the sight of a doubt a comparison surely begins in another second, or has come by itself. */
    static final Duration NEXT_SECOND = Duration.ofMillis(1_100);
    /** A status that was compared longer ago says nothing of now; Argo CD compares every three minutes by itself. */
    static final Duration OLD = Duration.ofMinutes(3);
    /** The same for one that was asked for already. */
    static final Duration VERY_OLD = Duration.ofMinutes(10);
    /** A request that is not answered for so long is one that the application-controller does not see. */
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

    /** What was asked for one application. */
    private static final class RefreshState {
        private final Set<String> answered = new HashSet<>();
        /** How often in a row, by cause. */
        private final Map<String, Integer> tries = new HashMap<>();

        private boolean running;
        private Instant notBefore = Instant.MIN;
        /** The end of an operation that leaves open what the comparison saw, and when that was noticed. */
        private String ambiguousEnd;

        private Instant ambiguousSince;
        private Instant error;
        /** Since when an answer is waited for, and what was compared last then. */
        private Instant waitingSince;

        private Instant comparedBefore;
    }

    /**
     * Why an application is to be refreshed now; one refresh does for all reasons.
     *
     * @param commits the commits that are awaited in it
     * @param proven whether what is awaited is known to run, so that the end of the last operation leaves nothing open
     * @return what to hand to {@link #begin}; empty when it need not be
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

    /** Whether what is known of an awaited application is so old that it has to be compared again before it counts. */
    public boolean isTooOld(ArgoCdApplication application, Instant now) {
        RefreshState before = asked.get(application.key());
        Instant compared = application.facts().comparedAt();
        return before != null
                && compared != null
                && now.isAfter(compared.plus(before.answered.contains(AGE) ? VERY_OLD : OLD));
    }

    /** Whether a refresh for these reasons can wait when much else is asked for. */
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

    /** A failed comparison is repeated after a pause: the second one tells what was only away from what is wrong. */
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

    /** The server is being asked. */
    public void begin(ArgoCdApplication application, List<String> reasons, Instant now) {
        RefreshState one = asked.computeIfAbsent(application.key(), k -> new RefreshState());
        reasons.forEach(reason -> one.tries.merge(reason, 1, Integer::sum));
        one.running = true;
        if (one.waitingSince == null) {
            one.waitingSince = now;
            one.comparedBefore = application.facts().comparedAt();
        }
    }

    /** The server has answered, or the request has failed, so that it is asked again after a pause. */
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
            // It failed at once: the server is away, which says nothing of the controller.
            one.waitingSince = null;
        }
        boolean pause = !answered || reasons.stream().anyMatch(RefreshTracker::isRepeated);
        one.notBefore = pause ? now.plus(PAUSES.get(Math.min(tries, PAUSES.size()) - 1)) : Instant.MIN;
    }

    private static boolean isRepeated(String reason) {
        return reason.equals(ERROR) || reason.equals(AGE);
    }

    /** Whether the server has looked at Git since it was asked to for these commits, or has them anyway. */
    public boolean isRefreshed(ArgoCdApplication application, Collection<String> commits) {
        RefreshState one = asked.get(application.key());
        return commits.stream()
                .allMatch(commit -> one != null && one.answered.contains(COMMIT + commit)
                        || application.statuses().stream().anyMatch(s -> commit.equals(s.comparedRevision())));
    }

    /** Whether an application has been asked to be compared for so long that nobody seems to do it. */
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
     * Forgets all but what is awaited.
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
