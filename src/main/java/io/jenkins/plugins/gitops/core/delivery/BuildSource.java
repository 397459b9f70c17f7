package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * The source that a build is built from, according to its job.
 *
 * @param branch name of the branch, or {@code tag:} and the name of the tag; null when the job is not part of a
 *     multibranch project. For a change request, the name of its job
 * @param changeRequest whether it is a change request (pull or merge request), and its origin
 * @param target the target branch of a change request; null when it is not one, or the branch is unknown
 */
public record BuildSource(
        @CheckForNull String branch,
        ChangeRequest changeRequest,
        @CheckForNull String target) {
    /** Prefix of tag names; branch names cannot contain a colon. */
    static final String TAG = "tag:";

    /** The origin of a change request. */
    public enum ChangeRequest {
        /** Not a change request. */
        NONE,
        /** From the repository itself, so its author can push to it. */
        SAME_REPOSITORY,
        /** From a fork, so its author is untrusted. */
        FORK,
        /** Unknown, so its author is untrusted. */
        UNKNOWN
    }

    /** A job that is not part of a multibranch project, or the command line. */
    public static BuildSource unknown() {
        return new BuildSource(null, ChangeRequest.NONE, null);
    }

    /** A branch of a multibranch project. */
    public static BuildSource branch(String name) {
        return new BuildSource(name, ChangeRequest.NONE, null);
    }

    /** A tag of a multibranch project. */
    public static BuildSource tag(String name) {
        return new BuildSource(TAG + name, ChangeRequest.NONE, null);
    }

    /** A change request in a multibranch project. */
    public static BuildSource changeRequest(String name, ChangeRequest whose, @CheckForNull String target) {
        return new BuildSource(name, whose, target);
    }

    /** Whether it is a change request of any origin. */
    public boolean isChangeRequest() {
        return changeRequest != ChangeRequest.NONE;
    }
}
