package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Locale;
import java.util.Set;

/**
 * An image with its full name, as container runtimes expand it, so that {@code nginx} and {@code
 * docker.io/library/nginx} are equal. Accepts any text that a cluster reports, without validation.
 *
 * @param name registry, path and name
 * @param tag null if there is none
 * @param digest in lower case; null if there is none
 */
public record NormalizedImage(
        String name, @CheckForNull String tag, @CheckForNull String digest) {
    /** The registry of names without one. */
    public static final String DEFAULT_REGISTRY = "docker.io";

    /** Other names of the default registry. */
    private static final Set<String> DEFAULT_REGISTRY_ALIASES =
            Set.of(DEFAULT_REGISTRY, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

    private static final String LATEST = "latest";

    /** @param text {@code name[:tag][@digest]} */
    public static NormalizedImage of(String text) {
        int at = text.indexOf('@');
        String digest = at < 0 ? null : text.substring(at + 1).toLowerCase(Locale.ROOT);
        String rest = at < 0 ? text : text.substring(0, at);
        // A colon before the last slash belongs to the registry's port.
        int colon = rest.lastIndexOf(':');
        boolean tagged = colon > rest.lastIndexOf('/');
        return new NormalizedImage(
                fullName(tagged ? rest.substring(0, colon) : rest), tagged ? rest.substring(colon + 1) : null, digest);
    }

    /** Normalizes a reference. */
    public static NormalizedImage of(ImageReference image) {
        return of(image.toString());
    }

    private static String fullName(String name) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
        if (registry && !DEFAULT_REGISTRY_ALIASES.contains(first)) {
            return name;
        }
        String path = registry ? name.substring(slash + 1) : name;
        return DEFAULT_REGISTRY + "/" + (path.contains("/") ? "" : "library/") + path;
    }

    /** Whether both are in the same repository. */
    public boolean hasNameOf(NormalizedImage other) {
        return name.equals(other.name);
    }

    /** Whether a running image is the one in Git. If Git has a digest, only that counts, otherwise the tag. */
    public boolean isSatisfiedBy(NormalizedImage running) {
        if (!hasNameOf(running)) {
            return false;
        }
        if (digest != null) {
            return digest.equals(running.digest);
        }
        return tagOrLatest().equals(running.tag != null || running.digest == null ? running.tagOrLatest() : null);
    }

    /** The host of the registry, with its port if there is one. */
    public String registry() {
        return name.substring(0, name.indexOf('/'));
    }

    /** The name of the repository in its registry, such as {@code library/nginx}. */
    public String repository() {
        return name.substring(name.indexOf('/') + 1);
    }

    /** The tag to pull: {@code latest} if there is none. */
    public String tagOrLatest() {
        return tag == null ? LATEST : tag;
    }
}
