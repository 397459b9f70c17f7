package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import java.time.Instant;
import java.util.List;

/**
 * Determines whether the last comparison of an application started after its last operation ended. Argo CD writes both
 * times with a resolution of one second, so a single response often does not show the order. Several do: the
 * comparisons of one application never overlap, so of two results that were written after the end of an operation, the
 * second comparison started after it.
 *
 * @param end when the last operation ended; null if none has
 * @param results how many comparison results were written since that was first seen
 */
record ComparisonOrder(@CheckForNull String end, int results) {
    static final ComparisonOrder NONE = new ComparisonOrder(null, 0);

    private static final int CONFIRMING_RESULTS = 2;

    ComparisonOrder then(ArgoCdApplication before, ArgoCdApplication after) {
        String ended = end(after);
        if (ended == null || !before.uid().equals(after.uid())) {
            return NONE;
        }
        if (!ended.equals(end)) {
            return new ComparisonOrder(ended, 0);
        }
        boolean written = !results(before).equals(results(after));
        return written && results < CONFIRMING_RESULTS ? new ComparisonOrder(end, results + 1) : this;
    }

    @CheckForNull
    private static String end(ArgoCdApplication state) {
        return state.statuses().stream()
                .map(ApplicationStatus::operation)
                .filter(o -> o != null && OperationPhase.of(o.phase()) != OperationPhase.RUNNING)
                .map(OperationState::finishedAt)
                .filter(finished -> finished != null)
                .findFirst()
                .orElse(null);
    }

    /** The values that only a comparison writes. */
    private static List<ComparisonResult> results(ArgoCdApplication state) {
        return state.statuses().stream()
                .map(s -> new ComparisonResult(s.comparedRevision(), s.sync(), s.health(), s.comparedAt()))
                .toList();
    }

    private record ComparisonResult(
            @CheckForNull String revision,
            String sync,
            String health,
            @CheckForNull String at) {}

    /** Returns the application with the comparison time adjusted, if the order is known. */
    ArgoCdApplication applied(ArgoCdApplication state) {
        if (results < CONFIRMING_RESULTS || end == null) {
            return state;
        }
        Instant after = Instant.parse(end).plusMillis(1);
        return state.with(s -> s.comparedAt() != null && !s.isComparedAfterSync()
                ? ArgoCdApplication.comparedAt(s, after.toString())
                : s);
    }
}
