package io.jenkins.plugins.gitops.core.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.sameInstance;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** An agent that reports but no longer observes an application proves nothing about it. */
public class StalledObservationTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    @Test
    public void observationMayBeOldWithinClockSkew() {
        assertThat(outdated(status("2026-01-01T09:59:58Z"), false), is(nullValue()));
        assertThat(outdated(status("2026-01-01T09:55:00Z"), false), is(nullValue()));
        assertThat(outdated(status("2026-01-01T09:50:00Z"), false), is(nullValue()));
        assertThat("a clock that is ahead", outdated(status("2026-01-01T10:05:00Z"), false), is(nullValue()));
    }

    @Test
    public void olderObservationIsOutdatedAndSaysSinceWhen() {
        assertThat(
                outdated(status("2026-01-01T09:49:59Z"), false),
                containsString("has not checked shop since 2026-01-01T09:49:59Z"));
    }

    @Test
    public void argoCdAndFluxTimesAreNotCompared() {
        ApplicationStatus old = status("2025-12-01T00:00:00Z");
        assertThat(outdated(old.withDeployedBy(AgentKind.FLUX), false), is(nullValue()));
        assertThat(outdated(old.withDeployedBy(AgentKind.ARGO_CD), false), is(nullValue()));
    }

    @Test
    public void dryRunOfTheAgentIsOutdatedToo() {
        assertThat(outdated(status("2026-01-01T09:00:00Z"), true), containsString("has not checked shop since"));
    }

    @Test
    public void reasonThatTheAgentGaveIsKept() {
        ApplicationStatus old = status("2025-12-01T00:00:00Z");
        assertThat(outdated(old.withDetails(old.details().withOutdated("of the agent")), false), is("of the agent"));
    }

    @Test
    public void otherApplicationsOfTheReportAreUnchanged() {
        ApplicationStatus fresh = status("2026-01-01T09:59:58Z");
        Report report = report(List.of(fresh, status("2026-01-01T09:00:00Z")), false);

        Report marked = StalledObservation.markStalled(report, NOW);

        assertThat(marked.applications().get(0), is(sameInstance(fresh)));
        assertThat(marked.sequence(), is(report.sequence()));
        assertThat(marked.instance(), is(report.instance()));
    }

    private static String outdated(ApplicationStatus status, boolean readOnly) {
        return StalledObservation.markStalled(report(List.of(status), readOnly), NOW)
                .applications()
                .get(0)
                .details()
                .outdated();
    }

    private static Report report(List<ApplicationStatus> applications, boolean readOnly) {
        return new Report("a", "2026-01-01T08:00:00Z", 1, 5, applications, readOnly);
    }

    private static ApplicationStatus status(String observedAt) {
        return new ApplicationStatus(
                "shop",
                "https://git.example.com/config.git",
                "apps/shop",
                null,
                null,
                "Synced",
                "Healthy",
                null,
                List.of(),
                List.of(),
                null,
                observedAt);
    }
}
