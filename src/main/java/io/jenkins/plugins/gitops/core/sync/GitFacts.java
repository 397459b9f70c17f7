package io.jenkins.plugins.gitops.core.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;

/** What the decision asks Git about one expectation; answered from a local clone, without network. */
public interface GitFacts {
    /** Newest known revision of the branch. */
    String tip();

    /** Whether the clone knows a revision: an agent may be ahead of the last fetch. */
    boolean knows(String revision) throws IOException;

    /** Whether a revision is the expected one or descends from it. */
    boolean includes(String revision) throws IOException;

    /** Whether the target's images at a revision are those that the expected revision set. */
    boolean holds(String revision) throws IOException;

    /**
     * Whether the target's images were those that the expected revision set at one revision, at another, and all the way
     * between them; false where a revision is not known.
     */
    default boolean isUnchanged(String from, String to) throws IOException {
        return knows(from) && holds(from) && holds(to);
    }

    /** The first commit after the expected one that changed the target's images; null when there is none. */
    @CheckForNull
    Replacement replacement() throws IOException;

    /**
     * @param revision the commit that changed the value
     * @param summary its subject line
     * @param restoresPrevious whether it brought back what stood before the expected change
     * @param removes whether the target's images are gone with it
     */
    record Replacement(String revision, String summary, boolean restoresPrevious, boolean removes) {
        /** One that left the target an image. */
        public Replacement(String revision, String summary, boolean restoresPrevious) {
            this(revision, summary, restoresPrevious, false);
        }
    }
}
