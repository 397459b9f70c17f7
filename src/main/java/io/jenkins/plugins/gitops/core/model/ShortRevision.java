package io.jenkins.plugins.gitops.core.model;

/** The abbreviated commit id for messages. */
public final class ShortRevision {
    private static final int DIGITS = 8;

    private ShortRevision() {}

    /** The first 8 digits; the whole text if it is shorter. */
    public static String of(String revision) {
        return of(revision, DIGITS);
    }

    /** The given number of first digits; the whole text if it is shorter. */
    public static String of(String revision, int digits) {
        return revision.length() > digits ? revision.substring(0, digits) : revision;
    }
}
