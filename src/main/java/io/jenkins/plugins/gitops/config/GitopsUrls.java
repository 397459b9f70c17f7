package io.jenkins.plugins.gitops.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * URLs of the GitOps pages, all relative to the root of Jenkins and without a leading slash.
 *
 * <p>A name is one path segment. Characters that a servlet container or a proxy may reject or interpret even when they
 * are percent-encoded, such as the slash, are encoded twice, as in the names of multibranch jobs: {@code a/b} is the
 * name {@code a%2Fb} and the segment {@code a%252Fb}.
 */
@Restricted(NoExternalUse.class)
public final class GitopsUrls {
    /** The URL of the dashboard, without a trailing slash. */
    public static final String ROOT = "gitops";

    /** Also matches a leading dot if the whole name would be a relative path segment. */
    private static final Pattern ENCODED_TWICE = Pattern.compile("[%/\\\\;\\p{Cntrl}]|\\A\\.(?=\\.?\\z)");

    private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");
    private static final int HEXADECIMAL = 16;

    private GitopsUrls() {}

    /**
     * The dashboard.
     *
     * @param query encoded, including the question mark; may be empty
     */
    public static String dashboard(String query) {
        return ROOT + "/" + query;
    }

    /** The dashboard of one repository. */
    public static String dashboardOf(String repository) {
        return dashboard("?repository=" + percentEncode(repository));
    }

    /** The page of a target, with a trailing slash. The names must not be empty. */
    public static String target(String repository, String application, String environment) {
        return ROOT + "/repository/" + segment(repository) + "/target/" + segment(application) + "/"
                + segment(environment) + "/";
    }

    /** The page that checks a repository, with a trailing slash. */
    public static String check(String repository) {
        return ROOT + "/repository/" + segment(repository) + "/check/";
    }

    /** The name in a segment that the servlet container or Stapler has decoded once. */
    public static String name(String decodedSegment) {
        return ENCODED.matcher(decodedSegment)
                .replaceAll(hex ->
                        Matcher.quoteReplacement(Character.toString(Integer.parseInt(hex.group(1), HEXADECIMAL))));
    }

    private static String segment(String name) {
        return percentEncode(ENCODED_TWICE
                .matcher(name)
                .replaceAll(character -> String.format(
                        Locale.ROOT, "%%%02X", (int) character.group().charAt(0))));
    }

    private static String percentEncode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
