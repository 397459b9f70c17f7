package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What keeps an application from being compared or synced, and since when. What goes away by itself, as soon as Git or the
 * API server can be reached again, is none: it is told as the message of the status, and says nothing of the revision.
 */
final class ErrorConditionTracker {
    private static final String COMPARISON_ERROR = "ComparisonError";

    private ApplicationCondition current;

    /** The manifest of the application itself is refused at a revision. */
    List<ApplicationCondition> invalidSpec(String message, String revision, Instant now) {
        return keep("InvalidSpecError", message, revision, now);
    }

    /** The revision cannot be rendered, now or ever. */
    List<ApplicationCondition> notRendered(String message, String revision, Instant now) {
        return keep(COMPARISON_ERROR, message, revision, now);
    }

    /** It cannot be compared, which may be the revision's fault or not. */
    List<ApplicationCondition> notCompared(String message, Instant now) {
        return keep(COMPARISON_ERROR, message, null, now);
    }

    /** Whether the last pass failed with this message, too. */
    boolean isKnown(String message) {
        return current != null && current.message().equals(StatusWriter.bounded(message));
    }

    /** It was compared, and nothing is wrong with its last sync. */
    List<ApplicationCondition> compared() {
        current = null;
        return List.of();
    }

    /**
     * It was compared, and its sync to a revision has failed, though it may be tried again.
     *
     * @param at when the last try ended
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
