package io.jenkins.plugins.gitops.agent.application;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.Test;

public class IgnoreDifferenceRuleTest {
    private static final List<String> POINTERS = List.of("/spec/replicas");

    @Test
    public void groupAndKindAreExact() {
        IgnoreDifferenceRule rule = new IgnoreDifferenceRule("apps", "Deployment", null, null, POINTERS);
        assertThat(rule.matches("apps", "Deployment", "a", "b"), is(true));
        assertThat(rule.matches("apps", "Deployment", null, "b"), is(true));
        assertThat(rule.matches("apps", "StatefulSet", "a", "b"), is(false));
        assertThat(rule.matches("", "Deployment", "a", "b"), is(false));
        assertThat(rule.matches("apps.example.com", "Deployment", "a", "b"), is(false));
        assertThat(
                new IgnoreDifferenceRule("", "Secret", null, null, POINTERS).matches("", "Secret", "a", "b"), is(true));
    }

    @Test
    public void nameAndNamespaceNarrowTheMatch() {
        IgnoreDifferenceRule named = new IgnoreDifferenceRule("apps", "Deployment", "b", null, POINTERS);
        assertThat(named.matches("apps", "Deployment", "a", "b"), is(true));
        assertThat(named.matches("apps", "Deployment", "a", "bb"), is(false));
        IgnoreDifferenceRule placed = new IgnoreDifferenceRule("apps", "Deployment", null, "a", POINTERS);
        assertThat(placed.matches("apps", "Deployment", "a", "b"), is(true));
        assertThat(placed.matches("apps", "Deployment", "aa", "b"), is(false));
        assertThat(placed.matches("apps", "Deployment", null, "b"), is(false));
    }
}
