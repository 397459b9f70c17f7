package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class GitopsUrlsTest {
    /** All characters that names may have, and names that other tools use. */
    private static final List<String> NAMES = List.of(
            "shop",
            "abcdefghijklmnopqrstuvwxyz-0123456789.x",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ_a.b-c",
            "index",
            "api",
            "a/b",
            "feature/a b/c",
            "a//b",
            "/",
            ".",
            "..",
            "...",
            ".hidden",
            "1.0..2",
            "a b",
            " ",
            "a+b",
            "a%b",
            "a%2Fb",
            "%252F",
            "100%",
            "a\\b",
            "a;b=c",
            "a?b#c&d=e",
            "a:b@c,d!e$f*g(h)i~j",
            "\"'><img src=x>",
            "[a]{b}|c^d`",
            "größe",
            "東京",
            "🚀 launch",
            "line\nbreak\ttab\u0000nul\u007f",
            ".\n");

    @Test
    public void namesRoundTripThroughTheUrl() {
        for (String name : NAMES) {
            List<String> tokens = tokens(GitopsUrls.target(name, "app of " + name, name + "-env"));
            assertThat(tokens, is(List.of("gitops", "repository", name, "target", "app of " + name, name + "-env")));
        }
    }

    @Test
    public void urlsContainNothingContainersRejectOrProxiesInterpret() {
        for (String name : NAMES) {
            String url = GitopsUrls.target(name, name, name);
            assertThat(name, url, matchesPattern("[A-Za-z0-9._*/%-]+/"));
            for (String segment : url.split("/")) {
                assertThat(name, segment.matches("\\.{0,2}"), is(false));
                assertThat(name, segment.matches("(?i).*%(2F|5C|3B|[01].|7F|2E).*"), is(false));
            }
            assertThat(name, URI.create("/" + url).normalize().getRawPath(), is("/" + url));
        }
    }

    @Test
    public void ordinaryNamesAreReadable() {
        assertThat(
                GitopsUrls.target("platform_1", "payments-api", "eu.production"),
                is("gitops/repository/platform_1/target/payments-api/eu.production/"));
        assertThat(
                GitopsUrls.target("platform", "payments/api", "eu west"),
                is("gitops/repository/platform/target/payments%252Fapi/eu%20west/"));
        assertThat(GitopsUrls.dashboardOf("platform"), is("gitops/?repository=platform"));
        assertThat(GitopsUrls.dashboardOf("a&b c"), is("gitops/?repository=a%26b%20c"));
        assertThat(GitopsUrls.dashboard(""), is("gitops/"));
    }

    @Test
    public void singlyEncodedTextIsTheName() {
        for (String typed : List.of("a/b", "a+b", "100%", "%zz", "a b", "$1\\")) {
            assertThat(GitopsUrls.name(typed), is(typed));
        }
    }

    /** Splits a URL as Stapler does, which decodes each segment once after splitting. */
    private static List<String> tokens(String url) {
        List<String> tokens = new ArrayList<>();
        for (String segment : url.split("/")) {
            tokens.add(GitopsUrls.name(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8)));
        }
        return tokens;
    }
}
