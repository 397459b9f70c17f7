package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.time.Duration;
import java.util.List;
import org.junit.Test;

public class WaitProgressLogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final WaitProgressLog log = new WaitProgressLog();

    @Test
    public void logsEachNewReasonAtOnce() {
        assertThat(log.add("a", 0), is(true));
        assertThat(log.add("b", SECOND), is(true));
        assertThat(log.take(), is(List.of("a", "b")));
        assertThat(log.take(), is(List.of()));
        assertThat(log.add("a", 2 * SECOND), is(true));
        assertThat(log.take(), is(List.of("a")));
    }

    @Test
    public void repeatsTheSameReasonOnceAMinute() {
        log.add("a", 0);
        assertThat(log.add("a", SECOND), is(false));
        assertThat(log.add("a", 59 * SECOND), is(false));
        assertThat(log.add("a", 60 * SECOND), is(true));
        assertThat(log.add("a", 61 * SECOND), is(false));
    }

    @Test
    public void isNotFloodedByEverChangingReasons() {
        int lines = 0;
        for (int i = 0; i < 10_000; i++) {
            if (log.add("reason " + i, i)) {
                lines++;
            }
        }
        assertThat(lines, lessThanOrEqualTo(200));
        assertThat(log.current(), is("reason 9999"));
        assertThat(log.add("still new", 100 * SECOND), is(true));
    }
}
