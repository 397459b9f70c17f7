package io.jenkins.plugins.gitops.core.flux;

import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.CONFIGURED;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.FAILED;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.FINISHED;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.FIRST;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.PASSED;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.README;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.SECOND;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.assertStatus;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.at;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.event;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.fold;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.health;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.status;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.vouched;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.List;
import org.junit.Test;

/** What Flux's events prove about health, and when failing attempts are a failure. */
public class FluxHealthTest {
    @Test
    public void successWithoutHealthChecksProvesNoHealth() {
        FluxObjectStatus state = fold(List.of(
                event("10:00:00", "Progressing", CONFIGURED, FIRST),
                event("10:00:01", "ReconciliationSucceeded", FINISHED, FIRST)));
        assertStatus(state, FIRST, FIRST, "Synced", "Unknown", "Succeeded");
        assertThat(
                state.status().message(),
                is(
                        "Flux has not reported that health checks passed; give it spec.wait or spec.healthChecks, or wait for it"
                                + " with healthy: false"));
        // The next reconciliation does not report it either.
        state = FluxEventReducer.add(state, event("10:01:00", "ReconciliationSucceeded", FINISHED, FIRST));
        assertStatus(state, FIRST, FIRST, "Synced", "Unknown", "Succeeded");
        assertStatus(
                fold(List.of(event("10:00:01", "ReconciliationSucceeded", FINISHED, FIRST))),
                FIRST,
                FIRST,
                "Synced",
                "Unknown",
                "Succeeded");
    }

    @Test
    public void disabledHealthChecksProveNoHealthOfANewRevision() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("01-first-apply.json"));
        state = FluxEventReducer.add(state, event("10:00:00", "Progressing", CONFIGURED, SECOND));
        state = FluxEventReducer.add(state, event("10:00:01", "ReconciliationSucceeded", FINISHED, SECOND));
        assertStatus(state, SECOND, SECOND, "Synced", "Unknown", "Succeeded");
        // Still unproven after a commit that renders the same.
        state = FluxEventReducer.add(state, event("10:01:00", "ReconciliationSucceeded", FINISHED, README));
        assertStatus(state, README, README, "Synced", "Unknown", "Succeeded");
        state = FluxEventReducer.add(state, event("10:02:00", "Progressing", PASSED, README));
        assertStatus(state, README, README, "Synced", "Healthy", "Succeeded");
    }

    @Test
    public void recoveredHealthIsProvenOnlyByItsHealthCheck() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("06-ledger.json"));
        state = FluxEventReducer.add(state, at("2026-11-21T07:00:00Z", "ReconciliationSucceeded", FINISHED, README));
        assertStatus(state, README, README, "Synced", "Unknown", "Succeeded");
        assertThat(state.status().message(), startsWith("its health check failed at 2026-11-21T06:19:"));
        assertThat(state.status().resources(), is(empty()));
        state = FluxEventReducer.add(state, at("2026-11-21T07:01:00Z", "Progressing", PASSED, README));
        assertStatus(state, README, README, "Synced", "Healthy", "Succeeded");
    }

    @Test
    public void pruningAloneKeepsHealth() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("01-first-apply.json"));
        state = FluxEventReducer.add(state, event("10:00:00", "Progressing", "ConfigMap/shop/old deleted", SECOND));
        assertStatus(state, SECOND, FIRST, "OutOfSync", "Progressing", "Running");
        state = FluxEventReducer.add(state, event("10:00:01", "ReconciliationSucceeded", FINISHED, SECOND));
        assertStatus(state, SECOND, SECOND, "Synced", "Healthy", "Succeeded");
        assertThat(state.status().details().healthAt(), is(FIRST));
    }

    @Test
    public void latePassedHealthCheckCountsForItsRevision() {
        List<FluxEvent> before = List.of(
                event("10:00:00", "Progressing", CONFIGURED, FIRST),
                event("10:00:07", "ReconciliationSucceeded", FINISHED, FIRST));
        FluxEvent late = event("10:00:06", "Progressing", PASSED, FIRST);
        FluxObjectStatus state = FluxEventReducer.add(fold(before), late);
        assertStatus(state, FIRST, FIRST, "Synced", "Healthy", "Succeeded");
        // Not from before the change, and not after a failure; from another revision only if the image in Git is the
        // same.
        FluxObjectStatus other = fold(before);
        assertThat(health(FluxEventReducer.add(other, event("09:59:59", "Progressing", PASSED, FIRST))), is("Unknown"));
        FluxObjectStatus failed = FluxEventReducer.add(other, event("10:00:09", "HealthCheckFailed", FAILED, FIRST));
        assertThat(FluxEventReducer.add(failed, late).status(), is(failed.status()));
        FluxObjectStatus carried = FluxEventReducer.add(other, event("10:00:06", "Progressing", PASSED, SECOND));
        assertThat(carried.status().details().healthAt(), is(SECOND));
    }

    @Test
    public void failureAndSuccessOfOneSecondCountAsFailureInAnyOrder() {
        FluxEvent success = event("10:00:00", "ReconciliationSucceeded", FINISHED, FIRST);
        FluxEvent failure = event("10:00:00", "HealthCheckFailed", FAILED, FIRST);
        assertThat(health(fold(List.of(success, failure))), is("Degraded"));
        assertThat(health(fold(List.of(failure, success))), is("Degraded"));
        FluxEvent next = event("10:01:00", "ReconciliationSucceeded", FINISHED, FIRST);
        assertThat(health(fold(List.of(failure, success, next))), is("Unknown"));
        FluxEvent passed = event("10:00:59", "Progressing", PASSED, FIRST);
        assertThat(health(fold(List.of(failure, success, next, passed))), is("Healthy"));
    }

    @Test
    public void changeReportedLateRevokesHealth() throws Exception {
        FluxObjectStatus proven = fold(FluxRecordings.events("01-first-apply.json"));
        FluxObjectStatus inferred =
                FluxEventReducer.add(proven, event("10:00:02", "ReconciliationSucceeded", FINISHED, SECOND));
        assertThat(health(inferred), is("Healthy"));
        assertThat(inferred.status().details().healthAt(), is(FIRST));
        FluxObjectStatus late = FluxEventReducer.add(inferred, event("10:00:01", "Progressing", CONFIGURED, SECOND));
        assertThat(health(late), is("Unknown"));
        assertThat(late.status().syncedRevision(), is(SECOND));
        // A later correction of drift in the cluster is not a rollout of that revision.
        FluxObjectStatus drift = FluxEventReducer.add(inferred, event("10:05:00", "Progressing", CONFIGURED, SECOND));
        drift = FluxEventReducer.add(drift, event("10:05:01", "ReconciliationSucceeded", FINISHED, SECOND));
        assertThat(health(drift), is("Healthy"));
    }

    @Test
    public void interruptedCheckIsNeitherFailureNorSuccess() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("01-first-apply.json"));
        for (String message : List.of(
                "health check failed after 6.2s: context canceled",
                "health check failed after 30s: timeout waiting for: [Deployment/shop/checkout status: 'InProgress']",
                "health check failed after 30s: timeout waiting for: [Job/shop/migrate status: 'NotFound']",
                "health check failed after 30s: timeout waiting for: [Deployment/shop/a status: 'Unknown',"
                        + " Deployment/shop/b status: 'Terminating']")) {
            FluxObjectStatus failed =
                    FluxEventReducer.add(state, event("10:00:00", "HealthCheckFailed", message, SECOND));
            assertStatus(failed, SECOND, SECOND, "Synced", "Progressing", "Succeeded");
            assertThat(failed.status().message(), is(message + "; Flux checks again"));
            FluxObjectStatus success =
                    FluxEventReducer.add(failed, event("10:01:00", "ReconciliationSucceeded", FINISHED, SECOND));
            assertThat(message, health(success), is("Unknown"));
        }
    }

    @Test
    public void failedAttemptsAreAFailureOnlyAfterAWhile() {
        FluxObjectStatus state =
                fold(List.of(event("10:00:00", "ReconciliationFailed", "Service/a/b dry-run failed", FIRST)));
        ApplicationStatus early = status(state, "10:01:59");
        assertThat(early.operation().phase(), is("Running"));
        assertThat(early.operation().message(), is("Service/a/b dry-run failed (since 2026-11-21T10:00:00Z)"));
        assertThat(early.resources(), is(empty()));
        ApplicationStatus late = status(state, "10:02:00");
        assertThat(late.operation().phase(), is("Failed"));
        assertThat(late.resources().get(0).label(), is("Service b"));
        // A repeated event does not change the state; a later one ends it.
        state = FluxEventReducer.add(
                state, event("10:01:50", "ReconciliationFailed", "Service/a/b dry-run failed", FIRST));
        assertThat(status(state, "10:02:00").operation().phase(), is("Failed"));
        state = FluxEventReducer.add(state, event("10:01:55", "Progressing", CONFIGURED, FIRST));
        assertThat(status(state, "10:09:00").operation().phase(), is("Running"));
    }

    @Test
    public void unfetchableArtifactIsNeverAFailure() {
        FluxObjectStatus state = fold(List.of(event(
                "10:00:00", "ArtifactFailed", "failed to download archive: GET http://x: connection refused", FIRST)));
        assertThat(status(state, "11:00:00").operation().phase(), is("Running"));
        // Flux reports a missing folder with the same reason.
        state = fold(List.of(event("10:00:00", "ArtifactFailed", "kustomization path not found: stat /a/b", FIRST)));
        assertThat(status(state, "10:01:00").operation().phase(), is("Running"));
        assertThat(status(state, "11:00:00").operation().phase(), is("Failed"));
    }

    @Test
    public void attemptFailedInTheSecondOfTheNextOneIsObsolete() {
        FluxEvent failure = event("10:00:00", "ReconciliationFailed", "the object has been modified", FIRST);
        FluxEvent changed = event("10:00:00", "Progressing", CONFIGURED, FIRST);
        for (List<FluxEvent> order : List.of(List.of(failure, changed), List.of(changed, failure))) {
            assertThat(fold(order).status().operation().phase(), is("Running"));
        }
    }

    @Test
    public void declaredHealthChecksCountExceptAfterAFailedCheck() {
        FluxEvent success = event("10:01:00", "ReconciliationSucceeded", FINISHED, FIRST);
        assertThat(vouched(fold(List.of(success))).health(), is("Healthy"));
        FluxObjectStatus lost = fold(List.of(event("10:00:00", "Progressing", CONFIGURED, FIRST), success));
        assertThat(health(lost), is("Unknown"));
        assertThat(vouched(lost).health(), is("Healthy"));
        FluxObjectStatus under = fold(List.of(success, event("10:02:00", "Progressing", CONFIGURED, SECOND)));
        assertThat(vouched(under).sync(), is("OutOfSync"));
        FluxObjectStatus failed = fold(List.of(event("10:00:00", "HealthCheckFailed", FAILED, FIRST), success));
        assertThat(vouched(failed).health(), is("Unknown"));
        FluxObjectStatus repaired =
                FluxEventReducer.add(failed, event("10:02:00", "ReconciliationSucceeded", FINISHED, SECOND));
        assertThat(vouched(repaired).health(), is("Healthy"));
    }

    @Test
    public void lostEventsDelayButNeverProveHealth() throws Exception {
        List<FluxEvent> events = FluxRecordings.events("02-new-commit.json");
        // All events except the one for passed health checks.
        FluxObjectStatus state = fold(List.of(events.get(0), events.get(2)));
        assertStatus(state, SECOND, SECOND, "Synced", "Unknown", "Succeeded");
        // All except the last: health checks pass only after everything was applied.
        assertStatus(fold(events.subList(0, 2)), SECOND, SECOND, "Synced", "Healthy", "Succeeded");
        // All except the first.
        assertStatus(fold(events.subList(1, 3)), SECOND, SECOND, "Synced", "Healthy", "Succeeded");
    }
}
