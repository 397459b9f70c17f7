package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.Test;

public class WildcardsTest {
    private static void assertMatches(boolean expected, String pattern, String text) {
        assertThat(pattern + " " + text, Wildcards.matches(pattern, text), is(expected));
    }

    @Test
    public void starMatchesAnyText() {
        assertMatches(true, "*", "");
        assertMatches(true, "a*c", "ac");
        assertMatches(true, "a**c", "abbc");
        assertMatches(true, "*ab", "aab");
        assertMatches(true, "a*", "a/b");
        assertMatches(false, "a*c", "acb");
        assertMatches(false, "a", "");
        assertMatches(false, "", "a");
    }

    @Test
    public void otherCharactersMatchThemselves() {
        assertMatches(true, "\\E.*\\Q", "\\E.x\\Q");
        assertMatches(false, "\\E.*\\Q", "web");
        assertMatches(false, "a?c", "abc");
        assertMatches(true, "a?c", "a?c");
    }

    @Test
    public void pathsMatchSegmentBySegment() {
        assertThat(Wildcards.matchesPath("a/*", "a/b", false), is(true));
        assertThat(Wildcards.matchesPath("a/*", "a/b/c", false), is(false));
        assertThat(Wildcards.matchesPath("*", "a/b", false), is(false));
        assertThat(Wildcards.matchesPath("a/b?", "a/bc", false), is(false));
        assertThat(Wildcards.matchesPath("a/b?", "a/bc", true), is(true));
        assertThat(Wildcards.matchesPath("a?b", "a/b", true), is(false));
    }
}
