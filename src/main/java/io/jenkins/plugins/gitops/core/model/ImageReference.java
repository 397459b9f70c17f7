package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Pattern;

/**
 * A container image: a name with a tag, a digest or both. The grammar is that of the distribution project's reference
 * package.
 *
 * @param name registry and repository, for example {@code ghcr.io/myorg/payments-api}
 * @param tag null if there is only a digest
 * @param digest {@code algorithm:hex}; null if there is only a tag
 */
public record ImageReference(
        String name, @CheckForNull String tag, @CheckForNull String digest) {
    /** The maximum length of a name in characters, as accepted by registries. */
    public static final int MAX_NAME = 255;
    /** The maximum length of a tag in characters, as accepted by registries. */
    public static final int MAX_TAG = 128;
    /** The maximum length of a digest in characters: enough for an algorithm's name and 512 bits. */
    public static final int MAX_DIGEST = 256;

    private static final Pattern NAME = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?/)?[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}");

    /**
     * Validates user input.
     *
     * @throws UserErrorException if the name, tag or digest is missing or malformed
     */
    public static ImageReference of(String name, @CheckForNull String tag, @CheckForNull String digest)
            throws UserErrorException {
        // Checks the length first: matching a regular expression against a long text needs a stack frame for each step.
        if (name == null || name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw new UserErrorException(
                    "\"" + name + "\" is not an image name", "Give registry/repository without tag, in lower case");
        }
        if (tag == null && digest == null) {
            throw new UserErrorException("No tag and no digest for image " + name, "Give tag or digest");
        }
        if (tag != null && (tag.length() > MAX_TAG || !TAG.matcher(tag).matches())) {
            throw new UserErrorException(
                    tag.isEmpty() ? "The tag for image " + name + " is empty" : "\"" + tag + "\" is not an image tag",
                    "Give 1 to 128 letters, digits, '_', '.' or '-', not starting with '.' or '-'");
        }
        if (digest != null
                && (digest.length() > MAX_DIGEST || !DIGEST.matcher(digest).matches())) {
            throw new UserErrorException(
                    digest.isEmpty()
                            ? "The digest for image " + name + " is empty"
                            : "\"" + digest + "\" is not an image digest",
                    "Give algorithm:hex, for example sha256: and 64 hex digits");
        }
        return new ImageReference(name, tag, digest);
    }

    /**
     * Parses {@code name[:tag][@digest]}.
     *
     * @throws UserErrorException if it is malformed, or has neither tag nor digest
     */
    public static ImageReference parse(String text) throws UserErrorException {
        int at = text.indexOf('@');
        String digest = at < 0 ? null : text.substring(at + 1);
        String rest = at < 0 ? text : text.substring(0, at);
        // A colon before the last slash belongs to the registry's port.
        int colon = rest.lastIndexOf(':');
        boolean tagged = colon > rest.lastIndexOf('/');
        return of(tagged ? rest.substring(0, colon) : rest, tagged ? rest.substring(colon + 1) : null, digest);
    }

    /**
     * Checks only the lengths of an image that was read from a file without validation.
     *
     * @param location where it was read
     * @throws UserErrorException if the name, tag or digest is longer than registries accept
     */
    public void checkLengths(SourceLocation location) throws UserErrorException {
        boolean fits = name.length() <= MAX_NAME
                && (tag == null || tag.length() <= MAX_TAG)
                && (digest == null || digest.length() <= MAX_DIGEST);
        if (!fits) {
            throw new UserErrorException(
                    location,
                    "The image here is longer than " + MAX_NAME + " characters for the name, " + MAX_TAG
                            + " for the tag or " + MAX_DIGEST + " for the digest",
                    "Write the name of an image that a registry can have");
        }
    }

    /** {@code name[:tag][@digest]}. */
    @Override
    public String toString() {
        return name + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
