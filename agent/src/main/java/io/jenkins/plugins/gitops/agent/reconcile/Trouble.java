package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What keeps an application from being compared or synced, and since when. What goes away by itself, as soon as Git or the
 * API server can be reached again, is none: it is told as the message of the status, and says nothing of the revision.
 */
final class Trouble {
    private static final String COMPARISON_ERROR = "ComparisonError";

    private Condition standing;

    /** The manifest of the application itself is refused at a revision. */
    List<Condition> invalidSpec(String message, String revision, Instant now) {
        return stands("InvalidSpecError", message, revision, now);
    }

    /** The revision cannot be rendered, now or ever. */
    List<Condition> notRendered(String message, String revision, Instant now) {
        return stands(COMPARISON_ERROR, message, revision, now);
    }

    /** It cannot be compared, which may be the revision's fault or not. */
    List<Condition> notCompared(String message, Instant now) {
        return stands(COMPARISON_ERROR, message, null, now);
    }

    /** Whether the last pass failed with this message, too. */
    boolean isKnown(String message) {
        return standing != null && standing.message().equals(StatusWriter.bounded(message));
    }

    /** It was compared, and nothing is wrong with its last sync. */
    List<Condition> compared() {
        standing = null;
        return List.of();
    }

    /**
     * It was compared, and its sync to a revision has failed, though it may be tried again.
     *
     * @param at when the last try ended
     */
    List<Condition> notSynced(String message, String revision, Instant at) {
        standing = null;
        return List.of(new Condition(
                "SyncError", StatusWriter.bounded("the last try failed: " + message), revision, at.toString()));
    }

    private List<Condition> stands(String type, String message, @CheckForNull String revision, Instant now) {
        boolean same =
                standing != null && standing.type().equals(type) && Objects.equals(standing.revision(), revision);
        String since = same ? standing.at() : now.toString();
        standing = new Condition(type, StatusWriter.bounded(message), revision, since);
        return List.of(standing);
    }
}
