package io.jenkins.plugins.gitops.core.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Somebody who had a hand in what is promoted, so whose approval does not count.
 *
 * @param id of a user, as a commit of this plugin names one; null for an identity of Git, which is still to be found among
 *     the users
 * @param name of an identity of Git; null with an id
 * @param mail of an identity of Git, {@code ""} when it has none; null with an id
 * @param parts what the person did, newest first; at least one
 */
public record Contributor(
        @CheckForNull String id,
        @CheckForNull String name,
        @CheckForNull String mail,
        List<Contribution> parts) {
    private static final int SHOWN_PARTS = 3;

    public Contributor {
        parts = List.copyOf(parts);
    }

    /** What somebody did. */
    public enum ContributionKind {
        /** Asked for a change. */
        REQUESTED("requested"),
        /** Wrote what a change ships. */
        AUTHORED("wrote what is shipped by"),
        /** Wrote or committed a change by hand. */
        COMMITTED("committed");

        private final String description;

        ContributionKind(String description) {
            this.description = description;
        }
    }

    /**
     * A hand in one change.
     *
     * @param target {@code application/environment} that was changed
     * @param revision the change's commit, 40 hex digits
     */
    public record Contribution(ContributionKind kind, String target, String revision) {

        /** For messages: {@code requested payments-api/staging in 1a2b3c4d}. */
        @Override
        public String toString() {
            return kind.description + " " + target + " in " + ShortRevision.of(revision);
        }
    }

    /** For messages and pages: the id, or {@code Name <mail>}. The same for the same person in each answer. */
    public String displayName() {
        if (id != null) {
            return id;
        }
        return mail == null || mail.isEmpty() ? String.valueOf(name) : name + " <" + mail + ">";
    }

    /** Why, for messages and pages: the newest parts. */
    public String describe() {
        String newest =
                parts.stream().limit(SHOWN_PARTS).map(Contribution::toString).collect(Collectors.joining(", "));
        int more = parts.size() - SHOWN_PARTS;
        return more > 0 ? newest + " and " + more + " more" : newest;
    }
}
