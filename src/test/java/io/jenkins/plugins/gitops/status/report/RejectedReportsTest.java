package io.jenkins.plugins.gitops.status.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Instant;
import org.junit.Test;

/** What is kept about rejected reports, and how often they are logged. */
public class RejectedReportsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    private final RejectedReports refusals = new RejectedReports();

    private String stranger(String name, Instant at) {
        return refusals.record(name, false, "10.0.0.7", "no agent with that name is configured", at);
    }

    @Test
    public void manyUnknownSendersAreBoundedAndHideNoConfiguredAgent() {
        assertThat(refusals.record("dev", true, "10.0.0.1", "its clock is 600 s behind", NOW), is(notNullValue()));
        for (int i = 0; i < 10_000; i++) {
            stranger("s" + i, NOW);
        }
        assertThat(refusals.all(), hasSize(1 + RejectedReports.MAX_UNKNOWN_SENDERS));
        assertThat(refusals.all().get(0).name(), is("dev"));
        assertThat(refusals.all().get(1).name(), is("s9999"));
        assertThat("another minute", refusals.record("dev", true, "a", "r", NOW.plusSeconds(60)), is(notNullValue()));
    }

    @Test
    public void unknownSendersAndEachAgentAreLoggedOnceAMinute() {
        assertThat(stranger("one", NOW), containsString("\"one\" from 10.0.0.7 was rejected: no agent with that name"));
        assertThat(stranger("two", NOW.plusSeconds(59)), is(nullValue()));
        assertThat(stranger("two", NOW.plusSeconds(60)), is(notNullValue()));
        assertThat(refusals.record("dev", true, "a", "r", NOW.plusSeconds(60)), is(notNullValue()));
        assertThat(refusals.record("production", true, "a", "r", NOW.plusSeconds(60)), is(notNullValue()));
        assertThat(refusals.record("dev", true, "a", "r", NOW.plusSeconds(61)), is(nullValue()));
        assertThat(refusals.all().get(0).times(), is(2L));
    }

    @Test
    public void nameCannotForgeALogLineOrFillThePage() {
        String line = stranger("x\nSEVERE: all is lost\u001b[8m\u202e" + "y".repeat(5_000), NOW);
        assertThat(line, not(containsString("\n")));
        assertThat(line, not(containsString("\u001b")));
        assertThat(refusals.all().get(0).name().length() < 120, is(true));
        assertThat(refusals.record(null, false, "10.0.0.8", "r", NOW), is(nullValue()));
        assertThat(refusals.all().get(0).name(), is(""));
    }

    @Test
    public void acceptedReportClearsEarlierRejections() {
        refusals.record("dev", true, "a", "r", NOW);
        stranger("dev", NOW);
        refusals.accepted("dev");
        assertThat(refusals.all(), hasSize(0));
    }
}
