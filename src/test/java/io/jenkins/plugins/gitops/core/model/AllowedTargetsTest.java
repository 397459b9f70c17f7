package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.Test;

public class AllowedTargetsTest {
    private static AllowedTargets environments(String... names) {
        return new AllowedTargets(List.of(), List.of(), List.of(names));
    }

    private static void assertAllows(boolean expected, String pattern, String name) {
        assertThat(pattern + " / " + name, environments(pattern).allows("r", "a", name), is(expected));
        assertThat(
                pattern + " / " + name,
                new AllowedTargets(List.of(pattern), List.of(), List.of()).allows(name, "a", "e"),
                is(expected));
        assertThat(
                pattern + " / " + name,
                new AllowedTargets(List.of(), List.of(pattern), List.of()).allows("r", name, "e"),
                is(expected));
    }

    private static void assertWithin(boolean expected, AllowedTargets allowedTargets, AllowedTargets others) {
        assertThat(allowedTargets + " within " + others, allowedTargets.isWithin(others), is(expected));
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
        assertThat(AllowedTargets.NONE.allows("r", "a", "e"), is(true));
        AllowedTargets allowedTargets = new AllowedTargets(List.of("config"), List.of(), List.of("dev", "staging"));
        assertThat(allowedTargets.allows("config", "anything", "staging"), is(true));
        assertThat(allowedTargets.allows("config", "anything", "production"), is(false));
        assertThat(allowedTargets.allows("other", "anything", "dev"), is(false));
    }

    @Test
    public void narrowerIsContainedAndWiderIsNot() {
        assertWithin(true, AllowedTargets.NONE, AllowedTargets.NONE);
        assertWithin(true, environments("dev"), AllowedTargets.NONE);
        assertWithin(false, AllowedTargets.NONE, environments("dev"));
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
        // Not covered by a single pattern; the safe result is false.
        assertWithin(false, environments("a*"), environments("ab*", "ac*"));
    }

    @Test
    public void everyKindCounts() {
        AllowedTargets old = new AllowedTargets(List.of("config"), List.of("payments-*"), List.of("dev"));
        assertWithin(true, new AllowedTargets(List.of("config"), List.of("payments-api"), List.of("dev")), old);
        assertWithin(false, new AllowedTargets(List.of("config"), List.of("payments-api"), List.of()), old);
        assertWithin(false, new AllowedTargets(List.of("config"), List.of("frontend"), List.of("dev")), old);
        assertWithin(false, new AllowedTargets(List.of("config", "b"), List.of("payments-api"), List.of("dev")), old);
    }

    @Test
    public void isDescribedInWords() {
        assertThat(AllowedTargets.NONE.describe(), is("everything"));
        assertThat(
                new AllowedTargets(List.of("config"), List.of(), List.of("dev", "staging")).describe(),
                is("repositories config; environments dev, staging"));
    }

    @Test
    public void listsNamesThatMayBeShown() {
        AllowedTargets allowedTargets = new AllowedTargets(List.of("config"), List.of("shop-*"), List.of("dev"));
        assertThat(allowedTargets.allowsRepository("config"), is(true));
        assertThat(allowedTargets.allowsRepository("other"), is(false));
        assertThat(allowedTargets.allowsApplication("config", "shop-a"), is(true));
        assertThat(allowedTargets.allowsApplication("config", "bank"), is(false));
        assertThat(allowedTargets.allowsApplication("other", "shop-a"), is(false));
        assertThat(allowedTargets.allowsEnvironment("config", "dev"), is(true));
        assertThat(allowedTargets.allowsEnvironment("config", "production"), is(false));
        assertThat(AllowedTargets.NONE.allowsEnvironment("config", "production"), is(true));
    }
}
