package io.jenkins.plugins.gitops.core.await;

/** Evidence for the image that a change set, at the moment when the change is found live. */
public enum ImageProof {
    /** A live workload has it in its template and, if pods are desired, in ready pods. */
    RUNNING("running"),
    /** The agent cannot see live objects. */
    NOT_SEEN("not seen"),
    /** No live workload runs it, and the policy only warns. */
    NOT_RUNNING("not running"),
    /** The change set no image. */
    NONE("none");

    private final String wireName;

    ImageProof(String wireName) {
        this.wireName = wireName;
    }

    /** The value in the step's result. */
    public String wireName() {
        return wireName;
    }
}
