package io.jenkins.plugins.gitops.core.model;

/** Whether a change counts as live only when its image was seen running; {@code image} of an environment in gitops.yaml. */
public enum ImagePolicy {
    /** Where live objects can be seen it has to be seen; where they cannot, that is told. The default. */
    WHERE_SEEN,
    /** It has to be seen; where live objects cannot be seen, a change never counts as live. */
    REQUIRED,
    /** What is not seen running is told, and nothing more. */
    WARN
}
