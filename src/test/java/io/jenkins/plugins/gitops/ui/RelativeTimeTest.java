package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.Test;

public class RelativeTimeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    @Test
    public void ageIsShownInItsLargestUnit() {
        Map.of(
                        Duration.ofSeconds(-5), "just now",
                        Duration.ofSeconds(59), "just now",
                        Duration.ofSeconds(60), "1 min ago",
                        Duration.ofMinutes(59), "59 min ago",
                        Duration.ofMinutes(60), "1 h ago",
                        Duration.ofHours(47), "47 h ago",
                        Duration.ofHours(48), "2 days ago",
                        Duration.ofDays(400), "400 days ago")
                .forEach((age, told) ->
                        assertThat(RelativeTime.of(NOW.minus(age), NOW).ago(), is(told)));
        assertThat(RelativeTime.of(NOW, NOW).iso(), is("2026-01-01T10:00:00Z"));
    }
}
