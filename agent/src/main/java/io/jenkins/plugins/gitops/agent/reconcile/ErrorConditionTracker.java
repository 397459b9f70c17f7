package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The error conditions of an application, each with the time since when it exists. A temporary problem that ends as
 * soon as Git or the API server can be reached again is not a condition: it is only the message of the status, and says
 * nothing about the revision.
 */
final class ErrorConditionTracker {
    private static final String COMPARISON_ERROR = "ComparisonError";

    private ApplicationCondition current;

    /** The conditions if the application's own manifest is rejected at a revision. */
    List<ApplicationCondition> invalidSpec(String message, String revision, Instant now) {
        return keep("InvalidSpecError", message, revision, now);
    }

    /** The conditions if the revision cannot be rendered, now or ever. */
    List<ApplicationCondition> notRendered(String message, String revision, Instant now) {
        return keep(COMPARISON_ERROR, message, revision, now);
    }

    /** The conditions if the application cannot be compared, which may or may not be caused by the revision. */
    List<ApplicationCondition> notCompared(String message, Instant now) {
        return keep(COMPARISON_ERROR, message, null, now);
    }

    /** Whether the last reconciliation failed with this message, too. */
    boolean isKnown(String message) {
        return current != null && current.message().equals(StatusWriter.bounded(message));
    }

    /** The conditions if the application was compared and its last sync has not failed. */
    List<ApplicationCondition> compared() {
        current = null;
        return List.of();
    }

    /**
     * The conditions if the application was compared and its sync to a revision has failed, though it may be retried.
     *
     * @param at when the last attempt ended
     */
    List<ApplicationCondition> notSynced(String message, String revision, Instant at) {
        current = null;
        return List.of(new ApplicationCondition(
                "SyncError", StatusWriter.bounded("the last attempt failed: " + message), revision, at.toString()));
    }

    private List<ApplicationCondition> keep(String type, String message, @CheckForNull String revision, Instant now) {
        boolean same = current != null && current.type().equals(type) && Objects.equals(current.revision(), revision);
        String since = same ? current.at() : now.toString();
        current = new ApplicationCondition(type, StatusWriter.bounded(message), revision, since);
        return List.of(current);
    }
}
