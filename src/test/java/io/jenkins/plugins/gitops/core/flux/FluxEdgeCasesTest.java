package io.jenkins.plugins.gitops.core.flux;

import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.CONFIGURED;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.FINISHED;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.FIRST;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.OBJECT;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.PASSED;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.README;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.SECOND;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.assertStatus;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.at;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.event;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.fold;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.of;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.recorded;
import static io.jenkins.plugins.gitops.core.flux.CheckoutEvents.status;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.sameInstance;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.Test;

/** The pitfalls of Flux's events, by name; events 01 to 07 are recorded from a real controller. */
public class FluxEdgeCasesTest {
    @Test
    public void appliedIsNotHealthyUntilHealthChecksPassed() throws Exception {
        List<FluxEvent> events = FluxRecordings.events("01-first-apply.json");
        FluxObjectStatus applied = fold(events.subList(0, 1));
        assertStatus(applied, FIRST, null, "OutOfSync", "Unknown", "Running");
        FluxObjectStatus checked = fold(events.subList(0, 2));
        assertStatus(checked, FIRST, FIRST, "Synced", "Healthy", "Succeeded");
        FluxObjectStatus finished = fold(events);
        assertStatus(finished, FIRST, FIRST, "Synced", "Healthy", "Succeeded");
        assertThat(finished.status().operation().startedAt(), is("2026-11-21T06:17:20Z"));
        assertThat(finished.status().isObservedAfterSync(), is(true));
    }

    @Test
    public void newCommitIsInProgressWhileTheOldOneIsApplied() throws Exception {
        List<FluxEvent> events = recorded("01-first-apply.json", "02-new-commit.json");
        FluxObjectStatus under = fold(events.subList(0, 4));
        assertStatus(under, SECOND, FIRST, "OutOfSync", "Progressing", "Running");
        assertThat(under.status().operation().message(), is("Deployment/shop-flux/checkout configured"));
        assertStatus(fold(events), SECOND, SECOND, "Synced", "Healthy", "Succeeded");
    }

    @Test
    public void identicalRenderMovesTheRevisionWithoutAnyProgress() throws Exception {
        FluxObjectStatus state =
                fold(recorded("01-first-apply.json", "02-new-commit.json", "03-identical-render.json"));
        assertStatus(state, README, README, "Synced", "Healthy", "Succeeded");
    }

    @Test
    public void reconciliationWithoutChangeIsIdempotent() throws Exception {
        List<FluxEvent> before = recorded("01-first-apply.json", "02-new-commit.json", "03-identical-render.json");
        FluxObjectStatus state = fold(before);
        FluxObjectStatus again = FluxEventReducer.add(
                state, FluxRecordings.events("04-reconcile-no-change.json").get(0));
        assertStatus(again, README, README, "Synced", "Healthy", "Succeeded");
        assertThat(
                FluxEventReducer.add(
                        again,
                        FluxRecordings.events("04-reconcile-no-change.json").get(0)),
                is(again));
    }

    @Test
    public void driftShowsAsProgressAtTheRevisionThatIsApplied() throws Exception {
        FluxObjectStatus before =
                fold(recorded("01-first-apply.json", "02-new-commit.json", "03-identical-render.json"));
        List<FluxEvent> drift = FluxRecordings.events("05-drift.json");
        FluxObjectStatus under = FluxEventReducer.add(before, drift.get(0));
        assertStatus(under, README, README, "OutOfSync", "Progressing", "Running");
        assertStatus(FluxEventReducer.add(under, drift.get(1)), README, README, "Synced", "Healthy", "Succeeded");
    }

    @Test
    public void failedHealthCheckNamesItsResources() throws Exception {
        FluxObjectStatus ledger = fold(FluxRecordings.events("06-ledger.json"));
        assertStatus(ledger, README, README, "Synced", "Degraded", "Succeeded");
        assertThat(
                ledger.status().resources(),
                contains(new ResourceStatus(
                        "Deployment",
                        "shop-flux",
                        "ledger",
                        "Synced",
                        "Degraded",
                        "Failed (failed early due to stalled resources)")));
        FluxObjectStatus payments = fold(FluxRecordings.events("06-payments.json"));
        // It took longer than Flux waits, which is not a failure.
        assertStatus(payments, README, README, "Synced", "Progressing", "Succeeded");
        assertThat(
                payments.status().resources(),
                contains(new ResourceStatus(
                        "Deployment",
                        "shop-flux",
                        "payments",
                        "Synced",
                        "Progressing",
                        "InProgress (timeout waiting for)")));
    }

    @Test
    public void rejectedDryRunAppliedNothing() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("06-invoices.json"));
        assertStatus(state, README, null, "OutOfSync", "Unknown", "Failed");
        ResourceStatus refused = state.status().resources().get(0);
        assertThat(refused.label(), is("Service invoices"));
        assertThat(refused.namespace(), is("shop-flux"));
        assertThat(refused.message().startsWith("dry-run failed (Invalid): Service \"invoices\" is invalid"), is(true));
        assertThat(state.status().operation().retries(), is(0));
        FluxObjectStatus again = FluxEventReducer.add(
                state, at("2026-11-21T06:20:00Z", "ReconciliationFailed", "Service/a/b dry-run failed", README));
        assertThat(again.status().operation().retries(), is(1));
        assertThat(again.status().operation().startedAt(), is("2026-11-21T06:18:47Z"));
        assertThat(again.status().operation().finishedAt(), is("2026-11-21T06:20:00Z"));
        FluxObjectStatus mended =
                FluxEventReducer.add(again, at("2026-11-21T06:21:00Z", "ReconciliationSucceeded", FINISHED, README));
        assertStatus(mended, README, README, "Synced", "Unknown", "Succeeded");
    }

    @Test
    public void failureOfANewCommitKeepsTheOldOneApplied() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("01-first-apply.json"));
        state = FluxEventReducer.add(
                state, event("10:00:00", "ReconciliationFailed", "Service/a/b dry-run failed", SECOND));
        assertStatus(state, SECOND, FIRST, "OutOfSync", "Unknown", "Failed");
    }

    @Test
    public void repeatedBuildFailureCountsFromItsFirst() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("06-returns.json"));
        ApplicationStatus status = state.status();
        assertThat(status.sync(), is("Unknown"));
        assertThat(status.comparedRevision(), is(README));
        assertThat(status.syncedRevision(), is(nullValue()));
        assertThat(status.operation(), is(nullValue()));
        assertThat(state.at(), is("2026-11-21T06:19:17Z"));
        assertThat(
                status.conditions(),
                contains(
                        new ApplicationCondition("ComparisonError", status.message(), README, "2026-11-21T06:18:47Z")));
        assertThat(status.message().startsWith("kustomize build failed: accumulating resources"), is(true));
        FluxObjectStatus mended =
                FluxEventReducer.add(state, at("2026-11-21T07:00:00Z", "ReconciliationSucceeded", FINISHED, SECOND));
        assertThat(mended.status().conditions(), is(empty()));
    }

    @Test
    public void unreachableGitDoesNotChangeWhatRuns() throws Exception {
        FluxObjectStatus before = fold(FluxRecordings.events("01-first-apply.json"));
        for (FluxEvent event : recorded("07-git-unreachable.json", "07-git-recovered.json")) {
            assertThat(FluxEventReducer.add(before, event), is(sameInstance(before)));
            assertThat(FluxEventReducer.add(null, event), is(nullValue()));
        }
    }

    @Test
    public void dependencyIsAwaited() {
        FluxObjectStatus state =
                fold(List.of(event("10:00:00", "DependencyNotReady", "dependency 'a/b' is not ready", FIRST)));
        assertStatus(state, FIRST, null, "OutOfSync", "Unknown", "Running");
        assertThat(
                state.status().operation().message(),
                is("a dependency of it is not ready; Flux does not report which"));
    }

    @Test
    public void deletedObjectIsNotASuccessDespiteItsReason() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("01-first-apply.json"));
        state = FluxEventReducer.add(
                state, event("10:00:00", "ReconciliationSucceeded", "Deployment/shop/checkout deleted", FIRST));
        assertThat(state.isDeleted(), is(true));
        assertThat(state.status().sync(), is("OutOfSync"));
        assertThat(state.status().message(), is("Flux deleted Deployment/shop/checkout"));
        // The end of that reconciliation is not the end of a rollout, and no late event changes that.
        for (FluxEvent later : List.of(
                event("10:00:01", "ReconciliationSucceeded", FINISHED, FIRST),
                event("10:00:02", "Progressing", PASSED, FIRST),
                event("09:00:00", "Progressing", CONFIGURED, FIRST))) {
            assertThat(FluxEventReducer.add(state, later), is(sameInstance(state)));
        }
        FluxObjectStatus again = FluxEventReducer.add(
                state, of("another", event("10:05:00", "Progressing", "Deployment/shop/checkout created", FIRST)));
        assertStatus(again, FIRST, null, "OutOfSync", "Unknown", "Running");
    }

    @Test
    public void successReportedBeforeTheDeletionIsRevoked() throws Exception {
        FluxObjectStatus state = fold(FluxRecordings.events("01-first-apply.json"));
        String uid = state.uid();
        FluxEvent success = of(uid, event("10:00:02", "ReconciliationSucceeded", FINISHED, FIRST));
        FluxEvent deletion =
                of(uid, event("10:00:01", "ReconciliationSucceeded", "Deployment/shop/checkout deleted", FIRST));
        assertThat(
                FluxEventReducer.add(FluxEventReducer.add(state, success), deletion)
                        .isDeleted(),
                is(true));
    }

    @Test
    public void deletionOfAnUnreadyObjectKeepsItsFailureReason() throws Exception {
        FluxEvent told = FluxEvent.parse(FluxRecordings.event(
                                OBJECT,
                                "2026-11-21T10:00:00Z",
                                "HealthCheckFailed",
                                "Deployment/shop/checkout deleted",
                                "\"revision\":\"main@sha1:" + FIRST + "\"")
                        .replace("\"severity\":\"error\"", "\"severity\":\"info\"")
                        .getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        assertThat(FluxEventReducer.add(null, told).isDeleted(), is(true));
    }

    @Test
    public void recreatedObjectHasNoHealthYet() throws Exception {
        FluxObjectStatus former = fold(FluxRecordings.events("01-first-apply.json"));
        FluxEvent anew = of("another", at("2026-11-21T10:00:00Z", "ReconciliationSucceeded", FINISHED, FIRST));
        FluxObjectStatus state = FluxEventReducer.add(former, anew);
        assertStatus(state, FIRST, FIRST, "Synced", "Unknown", "Succeeded");
        FluxEvent late = of("another", at("2026-11-21T06:00:00Z", "HealthCheckFailed", "health check failed", FIRST));
        assertThat(FluxEventReducer.add(former, late), is(former));
        FluxEvent same = of(former.uid(), at("2026-11-21T10:00:00Z", "ReconciliationSucceeded", FINISHED, FIRST));
        assertStatus(FluxEventReducer.add(former, same), FIRST, FIRST, "Synced", "Healthy", "Succeeded");
    }

    @Test
    public void olderEventNeverReplacesANewerOne() throws Exception {
        List<FluxEvent> events = recorded(
                "01-first-apply.json", "02-new-commit.json", "03-identical-render.json", "04-reconcile-no-change.json");
        FluxObjectStatus state = fold(events);
        for (FluxEvent late : events.subList(0, events.size() - 1)) {
            assertThat(FluxEventReducer.add(state, late), is(state));
        }
        FluxEvent failure = event("05:00:00", "HealthCheckFailed", "health check failed", README);
        assertThat(FluxEventReducer.add(state, failure).status(), is(state.status()));
    }

    @Test
    public void orderOfEventsWithinOneSecondDoesNotMatter() throws Exception {
        for (String file : List.of("01-first-apply.json", "02-new-commit.json")) {
            List<FluxEvent> events = new ArrayList<>(FluxRecordings.events(file));
            FluxObjectStatus expected = fold(events);
            Collections.swap(events, 1, 2);
            FluxObjectStatus swapped = fold(events);
            assertThat(swapped.status().health(), is("Healthy"));
            assertThat(swapped.status().syncedRevision(), is(expected.status().syncedRevision()));
            assertThat(swapped.status().sync(), is("Synced"));
        }
    }

    @Test
    public void helmReleaseReportsNoCommitAndNoHealth() {
        String release = "HelmRelease/apps/checkout";
        FluxEvent upgraded = FluxRecordings.parsed(
                release,
                "2026-11-21T10:00:00Z",
                "UpgradeSucceeded",
                "Helm upgrade succeeded",
                "\"revision\":\"1.2.3\"");
        FluxObjectStatus state = fold(List.of(upgraded));
        assertThat(state.status().comparedRevision(), is(nullValue()));
        assertThat(state.status().sync(), is("Unknown"));
        assertThat(
                state.status().message(),
                is("Flux reports the version of its chart, 1.2.3, but no commit; name the Kustomization that applies"
                        + " it in gitops.yaml"));
        assertStatus(
                fold(List.of(helm("10:00:00", "InstallSucceeded"))), FIRST, FIRST, "Synced", "Unknown", "Succeeded");
        assertStatus(fold(List.of(helm("10:00:00", "UpgradeFailed"))), FIRST, null, "OutOfSync", "Unknown", "Failed");
    }

    @Test
    public void rolledBackReleaseIsNotASuccess() {
        FluxObjectStatus state =
                fold(List.of(helm("10:00:00", "UpgradeFailed"), helm("10:00:05", "RollbackSucceeded")));
        assertStatus(state, FIRST, null, "OutOfSync", "Unknown", "Failed");
    }

    @Test
    public void artifactWithoutOriginReportsNoCommit() {
        FluxObjectStatus state = fold(List.of(FluxRecordings.parsed(
                OBJECT,
                "2026-11-21T10:00:00Z",
                "ReconciliationSucceeded",
                FINISHED,
                "\"revision\":\"latest@sha256:abc\"")));
        assertThat(state.status().comparedRevision(), is(nullValue()));
        assertThat(
                state.status().message(),
                is("Flux reports the revision latest@sha256:abc but no commit; set the artifact's origin revision when"
                        + " it is pushed"));
    }

    private static FluxEvent helm(String time, String reason) {
        return FluxRecordings.parsed(
                "HelmRelease/apps/checkout",
                "2026-11-21T" + time + "Z",
                reason,
                "Helm says so",
                "\"revision\":\"1.2.3\",\"originRevision\":\"main@sha1:" + FIRST + "\"");
    }
}
