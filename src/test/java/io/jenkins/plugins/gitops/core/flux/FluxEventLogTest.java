package io.jenkins.plugins.gitops.core.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.core.flux.FluxEventLog.Accepted;
import io.jenkins.plugins.gitops.core.flux.FluxEventLog.StoredLog;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

/** The events of one Flux: each accepted once, in time, within bounds, and stored. */
public class FluxEventLogTest {
    private static final Instant NOW = Instant.parse("2026-11-21T06:20:00Z");
    private static final String CHECKOUT = "Kustomization/flux-system/checkout";
    private static final Accepted NOTHING = new Accepted(202, null, false);

    private final FluxEventLog ledger = new FluxEventLog();

    @Test
    public void everyRecordedEventIsAccepted() throws Exception {
        int taken = 0;
        for (String file : List.of(
                "01-first-apply.json",
                "02-new-commit.json",
                "03-identical-render.json",
                "04-reconcile-no-change.json",
                "05-drift.json",
                "06-invoices.json",
                "06-ledger.json",
                "06-payments.json",
                "06-returns.json",
                "07-git-unreachable.json",
                "07-git-recovered.json")) {
            for (byte[] body : FluxRecordings.bodies(file)) {
                assertThat(file, ledger.accept(body, NOW).status(), is(202));
                taken++;
            }
        }
        assertThat(taken, is(21));
        assertThat(ledger.objects().size(), is(5));
        assertThat(health(CHECKOUT), is("Healthy"));
        assertThat(health("Kustomization/flux-system/ledger"), is("Degraded"));
        assertThat(ledger.lastHeard(), is(NOW));
    }

    @Test
    public void byteExactVectorsAreAccepted() throws Exception {
        for (JsonNode request :
                FluxRecordings.read("08-raw-signed-vectors.json").get("requests")) {
            byte[] body = request.get("raw_body").asText().getBytes(StandardCharsets.UTF_8);
            assertThat(
                    ledger.accept(body, Instant.parse("2026-11-21T07:34:00Z")).status(), is(202));
        }
        assertThat(health(CHECKOUT), is("Healthy"));
    }

    @Test
    public void duplicateIsAcknowledgedAndChangesNothing() throws Exception {
        byte[] body = FluxRecordings.bodies("01-first-apply.json").get(0);
        assertThat(ledger.accept(body, NOW), is(new Accepted(202, CHECKOUT, true)));
        assertThat(ledger.accept(body, NOW.plusSeconds(30)), is(NOTHING));
        assertThat(ledger.lastHeard(), is(NOW));
    }

    @Test
    public void replayChangesNothingEvenWhenItsDigestIsForgotten() throws Exception {
        List<byte[]> bodies = FluxRecordings.bodies("02-new-commit.json");
        for (byte[] body : bodies) {
            ledger.accept(body, NOW);
        }
        FluxObjectStatus state = ledger.object(CHECKOUT).orElseThrow();
        FluxEventLog afterRestart = new FluxEventLog();
        afterRestart.restore(ledger.stored());
        for (byte[] body : bodies) {
            assertThat(afterRestart.accept(body, NOW).changed(), is(nullValue()));
        }
        assertThat(afterRestart.object(CHECKOUT).orElseThrow(), is(state));
    }

    @Test
    public void eventWithWrongTimestampIsRejected() throws Exception {
        byte[] body = FluxRecordings.bodies("01-first-apply.json").get(0);
        for (Duration past : List.of(Duration.ofMinutes(-6), Duration.ofMinutes(61), Duration.ofDays(365))) {
            byte[] other = FluxRecordings.at(body, NOW.minus(past));
            assertThat(ledger.accept(other, NOW), is(new Accepted(409, null, false)));
        }
        assertThat(ledger.objects().isEmpty(), is(true));
        for (Duration past : List.of(FluxEventLog.WINDOW, Duration.ZERO, FluxEventLog.AHEAD.negated())) {
            assertThat(
                    ledger.accept(FluxRecordings.at(body, NOW.minus(past)), NOW).status(), is(202));
        }
    }

    @Test
    public void malformedBodyIsRejected() {
        assertThat(ledger.accept(new byte[0], NOW), is(new Accepted(400, null, false)));
        assertThat(ledger.accept("{}".getBytes(StandardCharsets.UTF_8), NOW), is(new Accepted(400, null, false)));
        assertThat(ledger.lastHeard(), is(nullValue()));
    }

    @Test
    public void unreachableSourceIsReportedUntilReachable() throws Exception {
        ledger.accept(FluxRecordings.bodies("07-git-unreachable.json").get(0), NOW);
        assertThat(
                ledger.problem().startsWith("GitRepository/flux-system/config cannot be read: failed to checkout"),
                is(true));
        for (byte[] body : FluxRecordings.bodies("07-git-recovered.json")) {
            ledger.accept(body, NOW);
        }
        assertThat(ledger.problem(), is(nullValue()));
        assertThat(ledger.objects().isEmpty(), is(true));
    }

    @Test
    public void wrongSecretIsReportedUntilAnEventIsAccepted() throws Exception {
        ledger.rejected(NOW);
        ledger.rejected(NOW.plusSeconds(60));
        assertThat(
                ledger.problem(),
                is("events are refused with 403 since 2026-11-21T06:20:00Z: the secret of the Provider differs from the"
                        + " one in Jenkins"));
        ledger.accept(FluxRecordings.bodies("01-first-apply.json").get(0), NOW.plusSeconds(61));
        assertThat(ledger.problem(), is(nullValue()));
    }

    @Test
    public void silenceOfAnObjectIsReportedOnceOverdue() throws Exception {
        for (byte[] body : FluxRecordings.bodies("01-first-apply.json")) {
            ledger.accept(body, NOW);
        }
        Instant due = Instant.parse(ledger.object(CHECKOUT).orElseThrow().dueAt());
        assertThat(blocked(due.plus(FluxSilenceReasons.LATENESS)), is(nullValue()));
        Instant late = due.plus(FluxSilenceReasons.LATENESS).plusSeconds(1);
        ledger.accept(FluxRecordings.at(FluxRecordings.bodies("06-ledger.json").get(0), late), late);
        assertThat(
                blocked(late),
                is("no event was received for " + CHECKOUT
                        + " since 2026-11-21T06:17:20Z, while its Flux sends events for other"
                        + " objects; is it or its source suspended?"));
        assertThat(
                blocked(late.plus(FluxSilenceReasons.UNANNOUNCED).plusSeconds(1)),
                is("no event was received for " + CHECKOUT + " since 2026-11-21T06:17:20Z, nor from its Flux since "
                        + late + "; check its Alert, its Provider and its notification-controller"));
    }

    private String blocked(Instant now) {
        AgentReference by = new AgentReference(AgentKind.FLUX, "live", CHECKOUT);
        return ledger.snapshot(by, "", "", now).orElseThrow().status().details().blocked();
    }

    @Test
    public void objectsSilentLongestAreEvictedFirst() {
        for (int i = 0; i <= FluxEventLog.MAX_OBJECTS; i++) {
            String event = FluxRecordings.event(
                    "Kustomization/a/o" + i,
                    NOW.plusMillis(i).toString(),
                    "ReconciliationSucceeded",
                    "Reconciliation finished",
                    "\"revision\":\"main@sha1:" + "1".repeat(40) + "\"");
            ledger.accept(event.getBytes(StandardCharsets.UTF_8), NOW);
        }
        assertThat(ledger.objects().size(), is(FluxEventLog.MAX_OBJECTS));
        assertThat(ledger.object("Kustomization/a/o0").isPresent(), is(false));
        assertThat(ledger.object("Kustomization/a/o" + FluxEventLog.MAX_OBJECTS).isPresent(), is(true));
    }

    @Test
    public void storedStateIsReadBack() throws Exception {
        for (String file : List.of("01-first-apply.json", "06-ledger.json", "06-returns.json", "06-invoices.json")) {
            for (byte[] body : FluxRecordings.bodies(file)) {
                ledger.accept(body, NOW);
            }
        }
        ledger.accept(FluxRecordings.bodies("07-git-unreachable.json").get(0), NOW);
        ObjectMapper json = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        StoredLog storedLog = json.readValue(json.writeValueAsBytes(ledger.stored()), StoredLog.class);
        FluxEventLog again = new FluxEventLog();
        again.restore(storedLog);
        for (FluxObjectStatus state : ledger.objects()) {
            assertThat(again.object(state.status().name()).orElseThrow(), is(state));
        }
        assertThat(again.lastHeard(), is(NOW));
        assertThat(again.problem(), is(ledger.problem()));
        assertThrows(DateTimeException.class, () -> new FluxEventLog()
                .restore(new StoredLog(1, "yesterday", List.of(), Map.of())));
    }

    @Test
    public void stateStoredByAnEarlierVersionStillCounts() throws Exception {
        for (byte[] body : FluxRecordings.bodies("01-first-apply.json")) {
            ledger.accept(body, NOW);
        }
        ObjectMapper json = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        ObjectNode former = json.valueToTree(ledger.stored());
        ((ObjectNode) former.at("/objects/0"))
                .put("checked", true)
                .put("unproven", false)
                .remove("proof");
        FluxEventLog again = new FluxEventLog();
        again.restore(json.treeToValue(former, StoredLog.class));
        for (byte[] body : FluxRecordings.bodies("03-identical-render.json")) {
            again.accept(body, NOW);
        }
        ApplicationStatus status = again.object(CHECKOUT).orElseThrow().status();
        assertThat(status.health(), is("Healthy"));
        assertThat(
                status.details().healthAt(),
                is(ledger.object(CHECKOUT).orElseThrow().status().syncedRevision()));
    }

    /** However events are lost, duplicated and reordered, nothing becomes healthy that was not reported as healthy. */
    @Test
    public void noEventOrderProvesMoreThanWasReported() throws Exception {
        List<byte[]> events = new ArrayList<>();
        for (String file :
                List.of("01-first-apply.json", "02-new-commit.json", "03-identical-render.json", "05-drift.json")) {
            events.addAll(FluxRecordings.bodies(file));
        }
        Random random = new Random(20261121);
        for (int round = 0; round < 10_000; round++) {
            FluxEventLog one = new FluxEventLog();
            List<byte[]> sent = new ArrayList<>();
            events.stream().filter(e -> random.nextInt(4) > 0).forEach(sent::add);
            events.stream().filter(e -> random.nextInt(4) == 0).forEach(sent::add);
            if (random.nextBoolean()) {
                Collections.shuffle(sent, random);
            }
            boolean checked = false;
            for (byte[] body : sent) {
                one.accept(body, NOW);
                checked |= new String(body, StandardCharsets.UTF_8).contains("Health check passed");
                ApplicationStatus status =
                        one.object(CHECKOUT).map(FluxObjectStatus::status).orElse(null);
                if (status != null && status.health().equals("Healthy")) {
                    assertThat(checked, is(true));
                    assertThat(status.sync(), is("Synced"));
                    assertThat(status.syncedRevision(), is(status.comparedRevision()));
                }
            }
        }
    }

    private String health(String object) {
        return ledger.object(object).orElseThrow().status().health();
    }
}
