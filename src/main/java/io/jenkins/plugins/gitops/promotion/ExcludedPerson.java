package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A person whose approval of one promotion does not count, and the reason. Immutable; stored with the run. */
@ExportedBean(defaultVisibility = 2)
public final class ExcludedPerson implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How a person is involved in a promotion; the first role that applies is shown. */
    public enum Role {
        /** Requested the promotion. */
        REQUESTER,
        /** Started the build, one of its upstream builds, or the build that it replays. */
        STARTED,
        /** The build runs with this person's permissions. */
        RUNS_AS,
        /** Wrote or committed source code that is in the build. */
        AUTHOR,
        /** Requested or wrote an earlier change of these images. */
        EARLIER_CHANGE;

        /** The role as text for people. */
        public String describe() {
            return switch (this) {
                case REQUESTER -> Messages.ExcludedPerson_Requester();
                case STARTED -> Messages.ExcludedPerson_Started();
                case RUNS_AS -> Messages.ExcludedPerson_RunsAs();
                case AUTHOR -> Messages.ExcludedPerson_Author();
                case EARLIER_CHANGE -> Messages.ExcludedPerson_EarlierChange();
            };
        }
    }

    private final String id;
    private final Role role;
    private final String why;

    /** @param why explains more than the role, as text for people; null for the role only */
    public ExcludedPerson(String id, Role role, @CheckForNull String why) {
        this.id = id;
        this.role = role;
        this.why = why;
    }

    /** Id of the user. */
    @Exported
    public String getId() {
        return id;
    }

    @Exported
    public Role getRole() {
        return role;
    }

    /** Used by card.jelly. */
    public String getWhy() {
        return why == null ? role.describe() : why;
    }
}
