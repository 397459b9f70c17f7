package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One person's decision on a promotion. Immutable; stored with the run. */
@ExportedBean(defaultVisibility = 2)
public final class PromotionDecision implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String user;
    private final ArrayList<String> groups;
    private final boolean approved;
    private final String comment;
    private final long at;

    /**
     * @param groups the person's groups at the time of the decision
     * @param at milliseconds since the epoch
     */
    PromotionDecision(String user, Collection<String> groups, boolean approved, @CheckForNull String comment, long at) {
        this.user = user;
        this.groups = new ArrayList<>(groups);
        this.approved = approved;
        this.comment = comment;
        this.at = at;
    }

    /** Id of the person. */
    @Exported
    public String getUser() {
        return user;
    }

    /** False for a rejection. */
    @Exported
    public boolean isApproved() {
        return approved;
    }

    /** The comment of the person; never null for a rejection. */
    @CheckForNull
    @Exported
    public String getComment() {
        return comment;
    }

    /** Milliseconds since the epoch. */
    @Exported
    public long getAt() {
        return at;
    }

    Approval toApproval() {
        return new Approval(user, new HashSet<>(groups));
    }
}
