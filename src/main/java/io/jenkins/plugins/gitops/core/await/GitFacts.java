package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What the decision asks Git about one expectation; answered from a local clone, without network. */
public interface GitFacts {
    /** Short name of the branch that is configured, such as {@code main}. */
    String branch();

    /** Newest known revision of the branch. */
    String tip();

    /** Whether the clone knows a revision: an agent may be ahead of the last fetch. */
    boolean contains(String revision) throws IOException;

    /** Whether a revision is the expected one or descends from it. */
    boolean isAtOrAfterChange(String revision) throws IOException;

    /** Whether the target's images at a revision are those that the expected revision set. */
    boolean hasExpectedImages(String revision) throws IOException;

    /**
     * Whether the target's images were those that the expected revision set at one revision, at another, and all the way
     * between them; false where a revision is not known.
     */
    default boolean isUnchanged(String from, String to) throws IOException {
        return contains(from) && hasExpectedImages(from) && hasExpectedImages(to);
    }

    /**
     * The images that are waited for: those that the change set or, when it is not known what it set, all that stood there
     * at the expected revision. Empty when the target cannot be read there.
     */
    List<ImageReference> images() throws IOException;

    /** Names of those images of the target that have a name of ours, since nothing in Git says what they are called. */
    default Set<String> unnamedImages() throws IOException {
        return Set.of();
    }

    /**
     * Whether nothing came after a revision that may change what the target is rendered from, so that it is the newest state
     * of the branch for this target. When in doubt it is not.
     */
    default boolean isNewest(String revision) throws IOException {
        return tip().equals(revision);
    }

    /** Whether a revision is known and not on the branch. */
    default boolean isOffBranch(String revision) throws IOException {
        return false;
    }

    /** Whether the images stand in the manifest of an Argo CD {@code Application}, which something else has to apply. */
    default boolean isSetInApplication() throws IOException {
        return false;
    }

    /** The first commit after the expected one that changed the target's images; null when there is none. */
    @CheckForNull
    SupersedingChange supersedingChange() throws IOException;

    /**
     * @param revision the commit that changed the value
     * @param summary its subject line
     * @param isRevert whether it took the expected change back: a rollback, or what stood before again by hand
     * @param isRemoval whether the target's images are gone with it
     */
    record SupersedingChange(String revision, String summary, boolean isRevert, boolean isRemoval) {
        /** One that left the target an image. */
        public SupersedingChange(String revision, String summary, boolean restoresPrevious) {
            this(revision, summary, restoresPrevious, false);
        }
    }
}
