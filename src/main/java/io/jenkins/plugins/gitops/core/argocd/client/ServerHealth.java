package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.Pace;
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
public record ServerHealth(
        @CheckForNull Instant answeredAt,
        @CheckForNull String problem,
        boolean lasting,
        @CheckForNull String hint,
        boolean awaited) {
    static final ServerHealth UNKNOWN = new ServerHealth(null, null, false, null, false);

    /** Whether it has been silent for too long to be believed. */
    public boolean isStale(Instant now) {
        return answeredAt != null && now.isAfter(answeredAt.plus(Pace.patience(awaited)));
    }

    ServerHealth withAnswer(Instant at) {
        return new ServerHealth(at, problem, lasting, hint, awaited);
    }

    ServerHealth withAwaited(boolean somebody) {
        return new ServerHealth(answeredAt, problem, lasting, hint, somebody);
    }

    ServerHealth withProblem(@CheckForNull String why, boolean isLasting) {
        return new ServerHealth(answeredAt, why, isLasting, why == null ? hint : null, awaited);
    }

    ServerHealth withHint(@CheckForNull String what) {
        return new ServerHealth(answeredAt, problem, lasting, what, awaited);
    }
}
