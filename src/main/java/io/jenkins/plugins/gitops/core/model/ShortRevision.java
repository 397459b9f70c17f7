package io.jenkins.plugins.gitops.core.model;

/** The first digits of a commit id, as messages name it. */
public final class ShortRevision {
    private static final int DIGITS = 8;

    private ShortRevision() {}

    /** The first 8 digits; the whole text where it is shorter. */
    public static String of(String revision) {
        return of(revision, DIGITS);
    }

    /** The first digits, as many as asked for; the whole text where it is shorter. */
    public static String of(String revision, int digits) {
        return revision.length() > digits ? revision.substring(0, digits) : revision;
    }
}
