package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.List;

/**
 * One commit in the history of a target.
 *
 * @param revision 40 hex digits
 * @param when the committer's time
 * @param author name of the commit's author; for a merged change request, the person who merged it
 * @param subject first line of the commit, or of the merge; null for a commit by this plugin
 * @param writtenBy names of others who wrote what the commit contains: the authors of merged commits and co-authors;
 *     empty for a commit by this plugin, or when there are too many
 * @param kind what the commit did; also set for an external commit that held or released the target
 * @param images the changed images, from the files before and after the commit; empty when it only held or released the
 *     target
 * @param requestedBy id of the person who requested it; null when unknown or external
 * @param reason null when unknown or external
 * @param build null when unknown or external
 * @param approvedBy ids of the approvers; empty when unknown or external
 * @param promotedFrom {@code application/environment@revision}; null when the commit is not a promotion
 * @param external made by hand or with another tool
 */
public record HistoryEntry(
        String revision,
        Instant when,
        String author,
        @CheckForNull String subject,
        List<String> writtenBy,
        EntryKind kind,
        List<ImageChange> images,
        @CheckForNull String requestedBy,
        @CheckForNull String reason,
        @CheckForNull String build,
        List<String> approvedBy,
        @CheckForNull String promotedFrom,
        boolean external) {
    public HistoryEntry {
        writtenBy = List.copyOf(writtenBy);
        images = List.copyOf(images);
        approvedBy = List.copyOf(approvedBy);
    }

    /** What a commit did to a target. */
    public enum EntryKind {
        SET_IMAGE,
        PROMOTION,
        ROLLBACK,
        HOLD,
        RELEASE,
        EXTERNAL
    }
}
