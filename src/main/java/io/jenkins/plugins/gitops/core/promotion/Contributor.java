package io.jenkins.plugins.gitops.core.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A person who contributed to what is promoted, and whose approval therefore does not count.
 *
 * @param id of a user, as recorded in a commit of this plugin; null for a Git identity that is not yet matched to a
 *     user
 * @param name of a Git identity; null with an id
 * @param mail of a Git identity, {@code ""} when it has none; null with an id
 * @param parts the contributions, newest first; at least one
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

    /** The kind of contribution. */
    public enum ContributionKind {
        /** Requested a change. */
        REQUESTED("requested"),
        /** Wrote source code that a change ships. */
        AUTHORED("wrote what is shipped by"),
        /** Wrote or committed a change by hand. */
        COMMITTED("committed");

        private final String description;

        ContributionKind(String description) {
            this.description = description;
        }
    }

    /**
     * A contribution to one change.
     *
     * @param target {@code application/environment} that was changed
     * @param revision commit of the change, 40 hex digits
     */
    public record Contribution(ContributionKind kind, String target, String revision) {

        /** For messages: {@code requested payments-api/staging in 1a2b3c4d}. */
        @Override
        public String toString() {
            return kind.description + " " + target + " in " + ShortRevision.of(revision);
        }
    }

    /** For messages and pages: the id, or {@code Name <mail>}. Always the same for the same person. */
    public String displayName() {
        if (id != null) {
            return id;
        }
        return mail == null || mail.isEmpty() ? String.valueOf(name) : name + " <" + mail + ">";
    }

    /** The newest contributions, for messages and pages. */
    public String describe() {
        String newest =
                parts.stream().limit(SHOWN_PARTS).map(Contribution::toString).collect(Collectors.joining(", "));
        int more = parts.size() - SHOWN_PARTS;
        return more > 0 ? newest + " and " + more + " more" : newest;
    }
}
