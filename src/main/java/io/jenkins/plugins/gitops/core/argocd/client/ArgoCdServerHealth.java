package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.PollInterval;
import java.time.Instant;

/**
 * Whether a server is reachable and usable.
 *
 * @param answeredAt when anything was last received from it; null if nothing was yet
 * @param problem why it is not usable, one line; null if it is
 * @param lasting whether the problem does not go away by itself
 * @param hint a warning about a usable server, one line; null if there is none
 * @param awaited whether a step is waiting
 */
public record ArgoCdServerHealth(
        @CheckForNull Instant answeredAt,
        @CheckForNull String problem,
        boolean lasting,
        @CheckForNull String hint,
        boolean awaited) {
    static final ArgoCdServerHealth UNKNOWN = new ArgoCdServerHealth(null, null, false, null, false);

    /** Whether it has not responded for so long that its statuses no longer count. */
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
