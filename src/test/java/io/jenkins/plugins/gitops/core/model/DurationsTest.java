package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.time.Duration;
import java.util.Optional;
import org.junit.Test;

public class DurationsTest {
    @Test
    public void readsCommonNotations() throws Exception {
        assertThat(Durations.parse("90s"), is(Duration.ofSeconds(90)));
        assertThat(Durations.parse("10m"), is(Duration.ofMinutes(10)));
        assertThat(Durations.parse(" 1h30m "), is(Duration.ofMinutes(90)));
        assertThat(Durations.parse("2d"), is(Duration.ofDays(2)));
        assertThat(Durations.parse("1d2h3m4s"), is(Duration.parse("P1DT2H3M4S")));
    }

    @Test
    public void aPlainNumberMeansMinutes() throws Exception {
        assertThat(Durations.parse("15"), is(Duration.ofMinutes(15)));
    }

    @Test
    public void rejectsAnythingElse() {
        for (String text : new String[] {"", "0", "0s", "ten", "10 m", "-5m", "5m1h", "1.5h", "99999999999999s"}) {
            UserErrorException e = assertThrows(text, UserErrorException.class, () -> Durations.parse(text));
            assertThat(e.getMessage(), containsString("\"" + text + "\" is not a duration. Write for example 90s"));
        }
    }

    @Test
    public void unitsAreWholeNumbersInDescendingOrder() {
        assertThat(Durations.ofUnits("1h30m"), is(Optional.of(Duration.ofMinutes(90))));
        assertThat(Durations.ofUnits("0s"), is(Optional.of(Duration.ZERO)));
        assertThat(Durations.ofUnits(""), is(Optional.of(Duration.ZERO)));
        for (String text : new String[] {"15", "5m1h", "1.5h", " 1h", "-1h", "1w"}) {
            assertThat(text, Durations.ofUnits(text), is(Optional.empty()));
        }
    }

    @Test
    public void readsGosNotationInAnyOrder() {
        assertThat(Durations.ofGo("1h30m"), is(Optional.of(Duration.ofMinutes(90))));
        assertThat(Durations.ofGo("5m1h"), is(Optional.of(Duration.ofMinutes(65))));
        assertThat(Durations.ofGo("1.5h250ms"), is(Optional.of(Duration.ofMillis(5_400_250))));
        assertThat(Durations.ofGo("999999999h"), is(Optional.of(Duration.ofHours(999_999_999))));
        for (String text : new String[] {"", "15", "0s", "0.5ms", " 1h", "1h ", "-1h", "1d", "1h30", "h", "1,5h"}) {
            assertThat(text, Durations.ofGo(text), is(Optional.empty()));
        }
    }

    @Test
    public void formatsInTheSameUnits() {
        assertThat(Durations.format(Duration.ZERO), is("0s"));
        assertThat(Durations.format(Duration.ofSeconds(93_784)), is("1d2h3m4s"));
        assertThat(Durations.format(Duration.ofMinutes(90)), is("1h30m"));
    }
}
