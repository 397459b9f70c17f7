package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.change.HistoryEntry;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * One change of a target, as shown on its page. All texts come from a commit and are untrusted.
 *
 * @param who the person who requested it, or else the author
 * @param external whether it was made by hand or with another tool
 * @param subject first line of a commit that was made outside Jenkins; null for others
 * @param writtenBy the other authors of the changes that such a commit contains
 * @param images {@code old -> new}, one for each image; the page shows only the first ones
 * @param build null when no build made it
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public record HistoryRow(
        @Exported String revision,
        RelativeTime when,
        @Exported HistoryEntry.EntryKind kind,
        @Exported boolean external,
        @Exported(name = "by") String who,
        @Exported @CheckForNull String subject,
        @Exported List<String> writtenBy,
        @Exported List<String> images,
        @Exported @CheckForNull String reason,
        @Exported List<String> approvedBy,
        @Exported @CheckForNull String promotedFrom,
        @CheckForNull BuildLinks.BuildLink build) {
    private static final int MAX_IMAGES = 20;

    public HistoryRow {
        writtenBy = List.copyOf(writtenBy);
        images = List.copyOf(images);
        approvedBy = List.copyOf(approvedBy);
    }

    static HistoryRow of(HistoryEntry entry, BuildLinks links, Instant now) {
        String build = entry.build();
        return new HistoryRow(
                entry.revision(),
                RelativeTime.of(entry.when(), now),
                entry.kind(),
                entry.external(),
                Objects.requireNonNullElse(entry.requestedBy(), entry.author()),
                entry.subject(),
                entry.writtenBy(),
                entry.images().stream().map(Object::toString).toList(),
                entry.reason(),
                entry.approvedBy(),
                entry.promotedFrom(),
                build == null ? null : links.of(build));
    }

    /** The first images, and the number of the remaining ones. */
    public List<String> shownImages() {
        if (images.size() <= MAX_IMAGES) {
            return images;
        }
        List<String> shown = new ArrayList<>(images.subList(0, MAX_IMAGES));
        shown.add(Messages.HistoryRow_more(images.size() - MAX_IMAGES));
        return shown;
    }

    /** The kind of change, in the user's language. */
    public String what() {
        return switch (kind) {
            case SET_IMAGE -> Messages.HistoryRow_setImage();
            case PROMOTION -> Messages.HistoryRow_promotion();
            case ROLLBACK -> Messages.HistoryRow_rollback();
            case HOLD -> Messages.HistoryRow_hold();
            case RELEASE -> Messages.HistoryRow_release();
            case EXTERNAL -> Messages.HistoryRow_external();
        };
    }

    /** When the commit was made: ISO 8601, UTC. */
    @Exported
    public String at() {
        return when.iso();
    }

    /** The build that made the change: its name, or the text in the commit; null when no build made it. */
    @CheckForNull
    @Exported(name = "build")
    public String buildName() {
        return build == null ? null : build.text();
    }

    /** The abbreviated revision. */
    public String brief() {
        return ShortRevision.of(revision);
    }

    /** The source target of a promotion, without the revision; empty for other changes. */
    public String source() {
        String from = promotedFrom == null ? "" : promotedFrom;
        int at = from.lastIndexOf('@');
        return at < 0 ? from : from.substring(0, at);
    }

    public String writers() {
        return String.join(", ", writtenBy);
    }

    public String approvers() {
        return String.join(", ", approvedBy);
    }
}
