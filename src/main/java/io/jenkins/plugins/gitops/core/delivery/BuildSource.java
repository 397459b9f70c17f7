package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * What a build was made of, as its job says.
 *
 * @param branch name of the branch, or {@code tag:} and the name of the tag; null when the job belongs to no multibranch
 *     project. Of a change request the name of its job
 * @param changeRequest whether it is a change request (pull or merge request), and whose
 * @param target the branch that a change request is for; null when it is none, or that is not known
 */
public record BuildSource(
        @CheckForNull String branch,
        ChangeRequest changeRequest,
        @CheckForNull String target) {
    /** Before the name of a tag; no name of a branch holds a colon. */
    static final String TAG = "tag:";

    /** Whose change request. */
    public enum ChangeRequest {
        /** None at all. */
        NONE,
        /** Of a person who may push to the repository. */
        SAME_REPOSITORY,
        /** Of anybody. */
        FORK,
        /** Not known whose, so anybody's. */
        UNKNOWN
    }

    /** A job that belongs to no multibranch project, or a command line. */
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

    /** Whether it is anybody's change request. */
    public boolean isChangeRequest() {
        return changeRequest != ChangeRequest.NONE;
    }
}
