package io.jenkins.plugins.gitops.core.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Events of one Kustomization by time of day, and the status that follows from them. */
final class CheckoutEvents {
    static final String FIRST = "9a8ac2eb726ee442a94a5b9ffa4dcc436370972d";
    static final String SECOND = "991db8b7951120726ee1aa46df27d9510595c4b7";
    static final String README = "0de71657fca56fdae430ba246bcbc1b7b9c5509e";
    static final String OBJECT = "Kustomization/flux-system/checkout";
    static final String CONFIGURED = "Deployment/shop/checkout configured";
    static final String PASSED = "Health check passed in 5.0s";
    static final String FAILED =
            "health check failed after 1s: failed early due to stalled resources: [Deployment/shop/checkout status: 'Failed']";
    static final String FINISHED = "Reconciliation finished in 1s, next run in 1m0s";

    private CheckoutEvents() {}

    static FluxEvent event(String time, String reason, String message, String commit) {
        return at("2026-11-21T" + time + "Z", reason, message, commit);
    }

    static FluxEvent at(String time, String reason, String message, String commit) {
        return FluxRecordings.parsed(OBJECT, time, reason, message, "\"revision\":\"main@sha1:" + commit + "\"");
    }

    static List<FluxEvent> recorded(String... files) throws Exception {
        List<FluxEvent> events = new ArrayList<>();
        for (String file : files) {
            events.addAll(FluxRecordings.events(file));
        }
        return events;
    }

    static String health(FluxObjectStatus state) {
        return state.status().health();
    }

    static ApplicationStatus vouched(FluxObjectStatus state) {
        return state.statusOf("", "", true, null, Instant.parse("2026-11-21T12:00:00Z"));
    }

    static ApplicationStatus status(FluxObjectStatus state, String time) {
        return state.statusOf("", "", false, null, Instant.parse("2026-11-21T" + time + "Z"));
    }

    static FluxObjectStatus fold(List<FluxEvent> events) {
        FluxObjectStatus state = null;
        for (FluxEvent event : events) {
            state = FluxEventReducer.add(state, event);
        }
        return state;
    }

    static void assertStatus(
            FluxObjectStatus state, String compared, String synced, String sync, String health, String phase) {
        ApplicationStatus status = state.status();
        assertThat(
                List.of(
                        status.comparedRevision(),
                        String.valueOf(status.syncedRevision()),
                        status.sync(),
                        status.health(),
                        status.operation().phase()),
                is(List.of(compared, String.valueOf(synced), sync, health, phase)));
    }

    /** Returns the same event for another object of that name. */
    static FluxEvent of(String uid, FluxEvent event) {
        return new FluxEvent(
                event.kind(),
                event.namespace(),
                event.name(),
                uid,
                event.at(),
                event.error(),
                event.reason(),
                event.message(),
                event.revision(),
                event.commit(),
                event.finished());
    }
}
