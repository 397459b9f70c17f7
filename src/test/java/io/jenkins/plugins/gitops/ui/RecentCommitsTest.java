package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.Map;
import org.junit.Test;

public class RecentCommitsTest {
    private final RecentCommits.Ages ages = new RecentCommits.Ages("c", Map.of("c", 0, "b", 1, "a", 2));

    @Test
    public void newerChangeIsNotSeenYet() {
        assertThat(ages.isBehind("b", "c"), is(true));
        assertThat(ages.isBehind("a", "b"), is(true));
        assertThat(ages.isBehind("long ago", "a"), is(true));
        assertThat(ages.isBehind(null, "a"), is(true));
    }

    @Test
    public void sameOrOlderChangeIsSeen() {
        assertThat(ages.isBehind("c", "c"), is(false));
        assertThat(ages.isBehind("c", "a"), is(false));
        assertThat(ages.isBehind("b", "long ago"), is(false));
        assertThat(ages.isBehind(null, "long ago"), is(false));
    }
}
