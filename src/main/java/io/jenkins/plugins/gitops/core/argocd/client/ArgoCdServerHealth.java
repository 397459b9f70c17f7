package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.PollInterval;
import java.time.Instant;

/**
 * Whether a server can be asked.
 *
 * @param answeredAt when anything last came from it; null when nothing did yet
 * @param problem why it cannot be asked just now, one line; null when it can
 * @param lasting whether the problem does not go away by itself
 * @param hint what is odd though it can be asked, one line; null when nothing is
 * @param awaited whether anybody waits
 */
public record ArgoCdServerHealth(
        @CheckForNull Instant answeredAt,
        @CheckForNull String problem,
        boolean lasting,
        @CheckForNull String hint,
        boolean awaited) {
    static final ArgoCdServerHealth UNKNOWN = new ArgoCdServerHealth(null, null, false, null, false);

    /** Whether it has been silent for too long to be believed. */
    public boolean isStale(Instant now) {
        return answeredAt != null && now.isAfter(answeredAt.plus(PollInterval.staleAfter(awaited)));
    }

    ArgoCdServerHealth withAnswer(Instant at) {
        return new ArgoCdServerHealth(at, problem, lasting, hint, awaited);
    }

    ArgoCdServerHealth withAwaited(boolean somebody) {
        return new ArgoCdServerHealth(answeredAt, problem, lasting, hint, somebody);
    }

    ArgoCdServerHealth withProblem(@CheckForNull String why, boolean isLasting) {
        return new ArgoCdServerHealth(answeredAt, why, isLasting, why == null ? hint : null, awaited);
    }

    ArgoCdServerHealth withHint(@CheckForNull String what) {
        return new ArgoCdServerHealth(answeredAt, problem, lasting, what, awaited);
    }
}
