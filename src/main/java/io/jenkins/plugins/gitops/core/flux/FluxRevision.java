package io.jenkins.plugins.gitops.core.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Extracts the commit from a revision in Flux's formats. */
public final class FluxRevision {
    /** {@code main@sha1:<40 hex>}, {@code main/<40 hex>}, {@code sha1:<40 hex>}, or the bare digits. */
    private static final Pattern COMMIT = Pattern.compile("(?:.*@sha1:|.*/|sha1:)?([0-9a-f]{40})");
    /** The same formats with a name in front. */
    private static final Pattern BRANCH = Pattern.compile("(.{1,255}?)(?:@sha1:|/)[0-9a-f]{40}");
    /** The version of a chart that was built from a commit: {@code 1.2.3+<40 hex>}. */
    private static final Pattern CHART = Pattern.compile("[^+@/]+\\+([0-9a-f]{40})");

    private FluxRevision() {}

    /** @return 40 hex digits; null if the revision has no commit, such as the digest of an OCI artifact */
    @CheckForNull
    public static String commit(@CheckForNull String revision) {
        return find(COMMIT, revision);
    }

    /** @return the branch or tag of a revision; null if it has none, or no commit */
    @CheckForNull
    static String branch(@CheckForNull String revision) {
        Matcher matcher = BRANCH.matcher(revision == null ? "" : revision);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** @return 40 hex digits; null if the version of the chart ends with none, or with fewer */
    @CheckForNull
    static String commitOfChart(@CheckForNull String version) {
        return find(CHART, version);
    }

    @CheckForNull
    private static String find(Pattern pattern, @CheckForNull String text) {
        Matcher matcher = pattern.matcher(text == null ? "" : text);
        return matcher.matches() ? matcher.group(1) : null;
    }
}
