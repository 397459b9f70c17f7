package io.jenkins.plugins.gitops.core.model;

/**
 * Whether a change counts as live only if its image was observed running; {@code image} of an environment in
 * gitops.yaml.
 */
public enum ImagePolicy {
    /** Required if live objects can be read; otherwise the wait reports that the image was not seen. The default. */
    WHERE_SEEN,
    /** Required; if live objects cannot be read, a change never counts as live. */
    REQUIRED,
    /** A missing image is only reported. */
    WARN
}
