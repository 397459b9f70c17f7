package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.time.Duration;
import java.util.Optional;
import org.junit.Test;

public class WaitLogTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final WaitLog log = new WaitLog();

    @Test
    public void tellsEachNewReasonAtOnce() {
        assertThat(log.line("a", 0), is(Optional.of("a")));
        assertThat(log.line("b", SECOND), is(Optional.of("b")));
        assertThat(log.line("a", 2 * SECOND), is(Optional.of("a")));
    }

    @Test
    public void repeatsTheSameReasonOnceAMinute() {
        log.line("a", 0);
        assertThat(log.line("a", SECOND), is(Optional.empty()));
        assertThat(log.line("a", 59 * SECOND), is(Optional.empty()));
        assertThat(log.line("a", 60 * SECOND), is(Optional.of("a")));
        assertThat(log.line("a", 61 * SECOND), is(Optional.empty()));
    }

    @Test
    public void isNotFloodedByReasonsThatNeverRest() {
        int lines = 0;
        for (int i = 0; i < 10_000; i++) {
            if (log.line("reason " + i, i).isPresent()) {
                lines++;
            }
        }
        assertThat(lines, lessThanOrEqualTo(200));
        assertThat(log.current(), is("reason 9999"));
        assertThat(log.line("still new", 100 * SECOND), is(Optional.of("still new")));
    }
}
