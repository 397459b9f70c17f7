package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.Test;

public class LimitsTest {
    private static Limits environments(String... names) {
        return new Limits(List.of(), List.of(), List.of(names));
    }

    private static void assertAllows(boolean expected, String pattern, String name) {
        assertThat(pattern + " / " + name, environments(pattern).allows("r", "a", name), is(expected));
        assertThat(
                pattern + " / " + name,
                new Limits(List.of(pattern), List.of(), List.of()).allows(name, "a", "e"),
                is(expected));
        assertThat(
                pattern + " / " + name,
                new Limits(List.of(), List.of(pattern), List.of()).allows("r", name, "e"),
                is(expected));
    }

    private static void assertWithin(boolean expected, Limits limits, Limits others) {
        assertThat(limits + " within " + others, limits.isWithin(others), is(expected));
    }

    @Test
    public void namesAndPatterns() {
        assertAllows(true, "dev", "dev");
        assertAllows(false, "dev", "Dev");
        assertAllows(false, "dev", "dev2");
        assertAllows(false, "dev2", "dev");
        assertAllows(true, "*", "dev");
        assertAllows(true, "dev*", "dev");
        assertAllows(true, "dev*", "dev-eu");
        assertAllows(false, "dev*", "my-dev");
        assertAllows(true, "*-eu", "dev-eu");
        assertAllows(true, "*-eu", "a-eu-eu");
        assertAllows(false, "*-eu", "dev-eu2");
        assertAllows(true, "a*b*c", "aXbXbXc");
        assertAllows(false, "a*b*c", "aXcXb");
        assertAllows(true, "a**c", "ac");
        assertAllows(false, "a.c", "abc");
    }

    @Test
    public void aKindWithoutNamesIsNotLimited() {
        assertThat(Limits.NONE.allows("r", "a", "e"), is(true));
        Limits limits = new Limits(List.of("config"), List.of(), List.of("dev", "staging"));
        assertThat(limits.allows("config", "anything", "staging"), is(true));
        assertThat(limits.allows("config", "anything", "production"), is(false));
        assertThat(limits.allows("other", "anything", "dev"), is(false));
    }

    @Test
    public void narrowerIsWithinAndWiderIsNot() {
        assertWithin(true, Limits.NONE, Limits.NONE);
        assertWithin(true, environments("dev"), Limits.NONE);
        assertWithin(false, Limits.NONE, environments("dev"));
        assertWithin(true, environments("dev"), environments("dev"));
        assertWithin(true, environments("dev"), environments("staging", "dev"));
        assertWithin(false, environments("dev", "staging"), environments("dev"));
        assertWithin(false, environments("staging"), environments("dev"));
    }

    @Test
    public void patternsAreComparedByWhatTheyMatch() {
        assertWithin(true, environments("dev"), environments("d*"));
        assertWithin(true, environments("dev-*"), environments("d*"));
        assertWithin(true, environments("*"), environments("*"));
        assertWithin(true, environments("*"), environments("**"));
        assertWithin(true, environments("**"), environments("*"));
        assertWithin(true, environments("a*c*e"), environments("a*e"));
        assertWithin(false, environments("*"), environments("d*"));
        assertWithin(false, environments("d*"), environments("dev*"));
        assertWithin(false, environments("d*"), environments("dev"));
        assertWithin(false, environments("a*e"), environments("a*c*e"));
        // No single one covers it: no is the safe answer.
        assertWithin(false, environments("a*"), environments("ab*", "ac*"));
    }

    @Test
    public void everyKindCounts() {
        Limits old = new Limits(List.of("config"), List.of("payments-*"), List.of("dev"));
        assertWithin(true, new Limits(List.of("config"), List.of("payments-api"), List.of("dev")), old);
        assertWithin(false, new Limits(List.of("config"), List.of("payments-api"), List.of()), old);
        assertWithin(false, new Limits(List.of("config"), List.of("frontend"), List.of("dev")), old);
        assertWithin(false, new Limits(List.of("config", "b"), List.of("payments-api"), List.of("dev")), old);
    }

    @Test
    public void inWords() {
        assertThat(Limits.NONE.inWords(), is("everything"));
        assertThat(
                new Limits(List.of("config"), List.of(), List.of("dev", "staging")).inWords(),
                is("repositories config; environments dev, staging"));
    }

    @Test
    public void tellWhatMayBeNamed() {
        Limits limits = new Limits(List.of("config"), List.of("shop-*"), List.of("dev"));
        assertThat(limits.allowsRepository("config"), is(true));
        assertThat(limits.allowsRepository("other"), is(false));
        assertThat(limits.allowsApplication("config", "shop-a"), is(true));
        assertThat(limits.allowsApplication("config", "bank"), is(false));
        assertThat(limits.allowsApplication("other", "shop-a"), is(false));
        assertThat(limits.allowsEnvironment("config", "dev"), is(true));
        assertThat(limits.allowsEnvironment("config", "production"), is(false));
        assertThat(Limits.NONE.allowsEnvironment("config", "production"), is(true));
    }
}
