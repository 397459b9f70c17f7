package io.jenkins.plugins.gitops.core.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

/** How long a final state has to last. */
public class StabilityWindowTest {
    private static final Instant T0 = Instant.parse("2026-01-01T10:00:00Z");
    private static final Verdict.Live LIVE = new Verdict.Live("1", Health.HEALTHY, "live at 1");
    private static final Verdict.Live TO_SETTLE =
            new Verdict.Live("1", Health.HEALTHY, "live at 1", Duration.ofSeconds(3), ImageProof.NONE);
    private static final Verdict WAITING = new Verdict.Waiting("not yet");

    private final StabilityWindow stabilityWindow = new StabilityWindow();

    @Test
    public void onceIsEnoughWithoutAStabilityPeriod() {
        assertThat(stabilityWindow.confirm(LIVE, stable(0), T0), is(LIVE));
    }

    @Test
    public void waitingVerdictPassesUnchanged() {
        assertThat(stabilityWindow.confirm(WAITING, stable(30), T0), is(WAITING));
        Verdict superseded = new Verdict.Superseded("2", "superseded by 2");
        assertThat(stabilityWindow.confirm(superseded, stable(30), T0), is(superseded));
    }

    @Test
    public void liveMustHoldForTheRequiredTime() {
        Verdict held =
                new Verdict.Waiting("live at 1; this counts if it does not change until 2026-01-01T10:00:30Z", at(30));
        assertThat(stabilityWindow.confirm(LIVE, stable(30), T0), is(held));
        assertThat(stabilityWindow.confirm(LIVE, stable(30), at(29)), is(held));
        assertThat(stabilityWindow.confirm(LIVE, stable(30), at(30)), is(LIVE));
    }

    @Test
    public void longerRequirementOfTheSourceCounts() {
        assertThat(stabilityWindow.confirm(TO_SETTLE, stable(2), T0), is(held(3)));
        assertThat(stabilityWindow.confirm(TO_SETTLE, stable(2), at(2)), is(held(3)));
        assertThat(stabilityWindow.confirm(TO_SETTLE, stable(2), at(3)), is(TO_SETTLE));
    }

    @Test
    public void interruptionRestartsTheWindow() {
        stabilityWindow.confirm(LIVE, stable(30), T0);
        stabilityWindow.confirm(WAITING, stable(30), at(20));
        assertThat(stabilityWindow.confirm(LIVE, stable(30), at(21)), is(held(51)));
        assertThat(stabilityWindow.confirm(LIVE, stable(30), at(50)), is(held(51)));
        assertThat(stabilityWindow.confirm(LIVE, stable(30), at(51)), is(LIVE));
    }

    @Test
    public void timeAloneIsNotASecondObservation() {
        List<AgentSnapshot> once = heard(AgentKind.ARGO_CD, T0);
        assertThat(stabilityWindow.confirm(TO_SETTLE, once, stable(0), T0), is(held(3)));
        assertThat(
                stabilityWindow.confirm(TO_SETTLE, once, stable(0), at(10)),
                is(new Verdict.Waiting(
                        "live at 1; this counts if it does not change until 2026-01-01T10:00:03Z", at(11))));
        assertThat(
                stabilityWindow.confirm(TO_SETTLE, heard(AgentKind.ARGO_CD, at(11)), stable(0), at(12)), is(TO_SETTLE));
    }

    @Test
    public void silenceOfFluxMeansNothingChanged() {
        List<AgentSnapshot> once = heard(AgentKind.FLUX, T0);
        assertThat(stabilityWindow.confirm(LIVE, once, stable(30), T0), is(held(30)));
        assertThat(stabilityWindow.confirm(LIVE, once, stable(30), at(30)), is(LIVE));
    }

    @Test
    public void failureIsConfirmedWithoutTheFullStabilityPeriod() {
        Verdict.Failed failed = new Verdict.Failed("1", Health.DEGRADED, List.of(), "Degraded", Duration.ofSeconds(3));
        assertThat(
                stabilityWindow.confirm(failed, stable(30), T0),
                is(new Verdict.Waiting(
                        "Degraded; this counts if it does not change until 2026-01-01T10:00:03Z", at(3))));
        assertThat(stabilityWindow.confirm(failed, stable(30), at(3)), is(failed));
    }

    @Test
    public void silentAgentConfirmsAFailureItWouldHaveCleared() {
        Verdict.Failed failed =
                new Verdict.Failed("1", Health.DEGRADED, List.of(), "Degraded", Duration.ofSeconds(3), true);
        List<AgentSnapshot> once = heard(AgentKind.AGENT, T0);
        assertThat(stabilityWindow.confirm(failed, once, stable(0), T0), instanceOf(Verdict.Waiting.class));
        assertThat(stabilityWindow.confirm(failed, once, stable(0), at(3)), is(failed));
    }

    @Test
    public void silenceOfAPolledServerConfirmsNothing() {
        Verdict.Failed failed =
                new Verdict.Failed("1", Health.DEGRADED, List.of(), "Degraded", Duration.ofSeconds(3), true);
        List<AgentSnapshot> once = heard(AgentKind.ARGO_CD, T0);
        stabilityWindow.confirm(failed, once, stable(0), T0);
        assertThat(stabilityWindow.confirm(failed, once, stable(0), at(3)), instanceOf(Verdict.Waiting.class));
        assertThat(stabilityWindow.confirm(failed, heard(AgentKind.ARGO_CD, at(3)), stable(0), at(3)), is(failed));
    }

    @Test
    public void failureClearedAtOnceNeverCounts() {
        Verdict.Failed failed =
                new Verdict.Failed("1", Health.DEGRADED, List.of(), "Degraded", Duration.ofSeconds(3), true);
        stabilityWindow.confirm(failed, heard(AgentKind.AGENT, T0), stable(0), T0);
        assertThat(stabilityWindow.confirm(WAITING, heard(AgentKind.AGENT, at(1)), stable(0), at(1)), is(WAITING));
        assertThat(
                stabilityWindow.confirm(failed, heard(AgentKind.AGENT, at(2)), stable(0), at(4)),
                instanceOf(Verdict.Waiting.class));
    }

    @Test
    public void timeOfOneVerdictDoesNotCountForAnother() {
        Verdict.Failed failed = new Verdict.Failed("1", Health.DEGRADED, List.of(), "Degraded", Duration.ofSeconds(3));
        stabilityWindow.confirm(failed, stable(0), T0);
        assertThat(stabilityWindow.confirm(TO_SETTLE, stable(0), at(3)), is(held(6)));
    }

    @Test
    public void clockSetBackRestartsTheWindow() {
        stabilityWindow.confirm(LIVE, stable(30), T0);
        assertThat(
                stabilityWindow.confirm(LIVE, stable(30), at(-3600)).summary(),
                is("live at 1; this counts if it does not change until 2026-01-01T09:00:30Z"));
        assertThat(stabilityWindow.confirm(LIVE, stable(30), at(-3570)), is(LIVE));
    }

    private static Verdict held(int until) {
        return new Verdict.Waiting("live at 1; this counts if it does not change until " + at(until), at(until));
    }

    private static List<AgentSnapshot> heard(AgentKind kind, Instant at) {
        Report.ApplicationStatus status = new Report.ApplicationStatus(
                "a", "u", "p", "1", "1", "Synced", "Healthy", null, null, null, null, at.toString());
        return List.of(new AgentSnapshot(kind, "main", at, false, null, status));
    }

    private static Expectation stable(int seconds) {
        Target target = new Target("a", "dev", "p", null);
        return new Expectation(target, "1", List.of(), true, T0, Duration.ofSeconds(seconds));
    }

    private static Instant at(int seconds) {
        return T0.plusSeconds(seconds);
    }
}
