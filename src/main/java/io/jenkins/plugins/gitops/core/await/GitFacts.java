package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * What the decision needs to know from Git about one expectation. Answered from a local clone, without network access.
 */
public interface GitFacts {
    /** Short name of the configured branch, such as {@code main}. */
    String branch();

    /** Newest known revision of the branch. */
    String tip();

    /** Whether the clone contains a revision; an agent may be ahead of the last fetch. */
    boolean contains(String revision) throws IOException;

    /** Whether a revision is the expected one or descends from it. */
    boolean isAtOrAfterChange(String revision) throws IOException;

    /** Whether the target's images at a revision are those that the change set. */
    boolean hasExpectedImages(String revision) throws IOException;

    /**
     * Whether the target had the images that the change set at both revisions and at all commits in between; false if a
     * revision is unknown.
     */
    default boolean isUnchanged(String from, String to) throws IOException {
        return contains(from) && hasExpectedImages(from) && hasExpectedImages(to);
    }

    /**
     * The expected images: those that the change set or, if these are unknown, all images of the target at the expected
     * revision. Empty if the target cannot be read there.
     */
    List<ImageReference> images() throws IOException;

    /** The image names of the target that this plugin made up, because Git does not name the image. */
    default Set<String> unnamedImages() throws IOException {
        return Set.of();
    }

    /**
     * Whether no later commit may change what the target is rendered from, so that the revision is the newest state of
     * the branch for this target. False if in doubt.
     */
    default boolean isNewest(String revision) throws IOException {
        return tip().equals(revision);
    }

    /** Whether a revision is in the clone but not on the branch. */
    default boolean isOffBranch(String revision) throws IOException {
        return false;
    }

    /**
     * Whether the images are set in the manifest of an Argo CD {@code Application}, which something else must apply.
     */
    default boolean isSetInApplication() throws IOException {
        return false;
    }

    /** The first commit after the expected one that changed the target's images; null if there is none. */
    @CheckForNull
    SupersedingChange supersedingChange() throws IOException;

    /**
     * A commit that replaced the expected images.
     *
     * @param revision the commit that changed the value
     * @param summary its subject line
     * @param isRevert whether it undid the expected change: a rollback, or the previous images set by hand
     * @param isRemoval whether it removed the target's images
     */
    record SupersedingChange(String revision, String summary, boolean isRevert, boolean isRemoval) {
        /** Creates a change that does not remove the images. */
        public SupersedingChange(String revision, String summary, boolean restoresPrevious) {
            this(revision, summary, restoresPrevious, false);
        }
    }
}
