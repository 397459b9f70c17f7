package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.HistoryEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One change of a target as the page shows it; all texts come from a commit, which anybody may have written.
 *
 * @param what the kind of change, in the visitor's language
 * @param who the person who asked for it, else the author
 * @param foreign whether it was made by hand or by another tool
 * @param images {@code old -> new}, one for each image
 * @param build null when no build made it
 */
@Restricted(NoExternalUse.class)
public record HistoryLine(
        String revision,
        Moment when,
        String what,
        boolean foreign,
        String who,
        List<String> images,
        @CheckForNull String reason,
        List<String> approvedBy,
        @CheckForNull String promotedFrom,
        @CheckForNull BuildLinks.BuildLink build) {
    private static final int SHORT = 8;
    private static final int MOST_IMAGES = 20;

    public HistoryLine {
        images = List.copyOf(images);
        approvedBy = List.copyOf(approvedBy);
    }

    static HistoryLine of(HistoryEntry entry, BuildLinks links, Instant now) {
        String build = entry.build();
        return new HistoryLine(
                entry.revision(),
                Moment.of(entry.when(), now),
                what(entry.kind()),
                entry.foreign(),
                Objects.requireNonNullElse(entry.requestedBy(), entry.author()),
                images(entry),
                entry.reason(),
                entry.approvedBy(),
                entry.promotedFrom(),
                build == null ? null : links.of(build));
    }

    /** A page is read by people. */
    private static List<String> images(HistoryEntry entry) {
        List<String> images = new ArrayList<>();
        entry.images().stream().limit(MOST_IMAGES).map(Object::toString).forEach(images::add);
        if (entry.images().size() > MOST_IMAGES) {
            images.add(Messages.HistoryLine_more(entry.images().size() - MOST_IMAGES));
        }
        return images;
    }

    private static String what(HistoryEntry.Kind kind) {
        return switch (kind) {
            case SET_IMAGE -> Messages.HistoryLine_setImage();
            case PROMOTION -> Messages.HistoryLine_promotion();
            case ROLLBACK -> Messages.HistoryLine_rollback();
            case HOLD -> Messages.HistoryLine_hold();
            case RELEASE -> Messages.HistoryLine_release();
            case FOREIGN -> Messages.HistoryLine_foreign();
        };
    }

    /** As long as people write it. */
    public String brief() {
        return revision.substring(0, SHORT);
    }

    /** The target that was promoted, without the revision at which it was looked at; empty for no promotion. */
    public String source() {
        String from = promotedFrom == null ? "" : promotedFrom;
        int at = from.lastIndexOf('@');
        return at < 0 ? from : from.substring(0, at);
    }

    public String approvers() {
        return String.join(", ", approvedBy);
    }
}
