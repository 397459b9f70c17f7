package io.jenkins.plugins.gitops.repository;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Instant;
import org.junit.Test;

/** When a revision that no fetch has found is fetched again. */
public class MissingRevisionsTest {
    @Test
    public void intervalBetweenFetchesOfAMissingRevisionGrows() {
        MissingRevisions missing = new MissingRevisions();
        Instant now = Instant.parse("2026-01-01T10:00:00Z");
        assertThat(missing.isDue("a", now), is(true));
        assertThat(missing.isDue("a", now.plusMillis(999)), is(false));
        assertThat(missing.isDue("b", now.plusMillis(999)), is(true));
        assertThat(missing.isDue("a", now.plusSeconds(1)), is(true));
        assertThat(missing.next("a", now), is(now.plusSeconds(3)));
        for (int i = 0; i < 20; i++) {
            now = missing.next("a", now);
            assertThat(missing.isDue("a", now), is(true));
        }
        assertThat(missing.next("a", now), is(now.plusSeconds(300)));
        assertThat(missing.next("never", now), is(now));
    }
}
