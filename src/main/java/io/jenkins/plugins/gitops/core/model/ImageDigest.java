package io.jenkins.plugins.gitops.core.model;

import java.util.regex.Pattern;

/** Validates the digests of images. */
public final class ImageDigest {
    private static final int MAX_LENGTH = 135;
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

    private ImageDigest() {}

    /** Whether a text is a SHA-256 or SHA-512 digest in lower case. */
    public static boolean isValid(String text) {
        return text.length() <= MAX_LENGTH && DIGEST.matcher(text).matches();
    }
}
