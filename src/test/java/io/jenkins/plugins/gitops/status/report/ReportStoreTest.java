package io.jenkins.plugins.gitops.status.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportVerifier.VerifiedReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.LoggerRule;

/** Stored files in the format of this release, of the previous one, of a later one, and in none. */
public class ReportStoreTest {
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00.5Z");
    private static final String STARTED = "2026-11-20T08:00:00Z";
    private static final String REVISION = "1".repeat(40);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final LoggerRule log =
            new LoggerRule().record(ReportStore.class, Level.WARNING).capture(10);

    private ReportStore store() {
        return new ReportStore(folder.getRoot().toPath(), work -> {});
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private void place(String fixture, String as) throws IOException {
        try (InputStream bytes = getClass().getResourceAsStream("agents/" + fixture)) {
            Files.write(file(as), Objects.requireNonNull(bytes).readAllBytes());
        }
    }

    private static ApplicationStatus status(String health) {
        return new ApplicationStatus(
                "shop-dev",
                "https://git.example.com/platform.git",
                "apps/shop",
                REVISION,
                REVISION,
                "Synced",
                health,
                new Report.OperationState("Running", REVISION, STARTED, null, 2, "again", true),
                List.of("shop:1"),
                List.of(new Report.ResourceStatus("Deployment", "shop", "shop", "Synced", health, "0 of 1")),
                "why",
                AT.toString(),
                AT.toString(),
                true,
                true,
                List.of(new Report.ApplicationCondition("SyncError", "no", REVISION, STARTED)));
    }

    private static VerifiedReport received(long sequence, Instant at, String health) {
        return new VerifiedReport("dev", new Report("i", STARTED, sequence, 10, List.of(status(health))), at);
    }

    private void write(VerifiedReport verifiedReport, boolean news) {
        ReportStore store = store();
        store.changed(verifiedReport, news);
        store.flush();
    }

    @Test
    public void writtenReportIsReadBack() {
        write(received(1, AT, "Healthy"), true);
        assertThat(store().readAll(), contains(received(1, AT, "Healthy")));
        assertThat(log.getMessages(), is(empty()));
    }

    @Test
    public void heartbeatCountsWithoutRewritingTheReport() throws Exception {
        write(received(1, AT, "Healthy"), true);
        byte[] before = Files.readAllBytes(file("dev.json"));
        write(received(9, AT.plusSeconds(80), "Healthy"), false);
        assertThat(Files.readAllBytes(file("dev.json")), is(before));
        assertThat(store().readAll(), contains(received(9, AT.plusSeconds(80), "Healthy")));
        write(received(10, AT.plusSeconds(90), "Degraded"), true);
        assertThat(store().readAll(), contains(received(10, AT.plusSeconds(90), "Degraded")));
    }

    /**
     * Whatever happens between two writes, the newest report is written, and completely if any of them had a change.
     */
    @Test
    public void changeBeforeAHeartbeatIsNotLost() {
        write(received(1, AT, "Healthy"), true);
        ReportStore store = store();
        store.changed(received(2, AT.plusSeconds(10), "Degraded"), true);
        store.changed(received(3, AT.plusSeconds(20), "Degraded"), false);
        store.flush();
        assertThat(store().readAll(), contains(received(3, AT.plusSeconds(20), "Degraded")));
    }

    @Test
    public void heartbeatOfAnotherProcessDoesNotAffectTheStoredReport() throws Exception {
        write(received(5, AT, "Healthy"), true);
        Files.writeString(file("dev.seen"), "{\"instance\":\"other\",\"sequence\":9,\"at\":\"2026-11-20T11:00:00Z\"}");
        assertThat(store().readAll(), contains(received(5, AT, "Healthy")));
        Files.writeString(file("dev.seen"), "{\"instance\":\"i\",\"seq");
        assertThat(store().readAll(), contains(received(5, AT, "Healthy")));
        assertThat(log.getMessages(), hasSize(1));
    }

    @Test
    public void filesOfThePreviousReleaseAreRead() throws Exception {
        place("release-before.json", "production.json");
        VerifiedReport read = store().readAll().get(0);
        assertThat(read.agent(), is("production"));
        assertThat(read.at(), is(Instant.parse("2026-11-20T09:15:30.123456789Z")));
        assertThat(read.report().sequence(), is(451L));
        ApplicationStatus first = read.report().applications().get(0);
        assertThat(first.operation().phase(), is("Succeeded"));
        assertThat(first.operation().partial(), is(false));
        assertThat(first.conditions(), is(empty()));
        assertThat(first.resources().get(0).message(), is("the rollout has not begun"));
        assertThat(log.getMessages(), is(empty()));
    }

    /** As after a downgrade. */
    @Test
    public void filesAreReadableByThePreviousRelease() throws Exception {
        write(received(1, AT, "Healthy"), true);
        write(received(2, AT.plusSeconds(80), "Healthy"), false);
        List<PreviousRelease.PreviousReport> read =
                PreviousRelease.readAll(folder.getRoot().toPath());
        assertThat(read, hasSize(1));
        assertThat(read.get(0).sequence(), is(1L));
        PreviousRelease.PreviousStatus status = read.get(0).applications().get(0);
        assertThat(status.health(), is("Healthy"));
        assertThat(status.operation().retries(), is(2));
        assertThat(status.resources().get(0).message(), is("0 of 1"));
    }

    @Test
    public void filesOfALaterReleaseAreReadWherePossible() throws Exception {
        place("version-2.json", "dev.json");
        VerifiedReport read = store().readAll().get(0);
        ApplicationStatus status = read.report().applications().get(0);
        assertThat(SyncState.of(status.sync()), is(SyncState.UNKNOWN));
        assertThat(Health.of(status.health()), is(Health.UNKNOWN));
        assertThat(OperationPhase.of(status.operation().phase()), is(OperationPhase.ERROR));
        assertThat(log.getMessages(), hasSize(1));
        assertThat(Files.exists(file("dev.json")), is(true));
    }

    @Test
    public void unreadableFileIsSetAsideOnceAndHidesNoOther() throws Exception {
        write(received(1, AT, "Healthy"), true);
        String whole = Files.readString(file("dev.json"));
        Files.writeString(file("empty.json"), "");
        Files.writeString(file("truncated.json"), whole.substring(0, whole.length() / 2));
        Files.write(file("garbage.json"), new byte[] {0, (byte) 0xff, 7, '{'});
        Files.writeString(file("null.json"), "null");
        Files.writeString(file("array.json"), "[]");
        Files.writeString(file("at.json"), whole.replace(AT.toString(), "yesterday"));
        Files.writeString(file("later.json"), "{\"version\":9,\"shards\":[1,2]}");
        assertThat(store().readAll(), contains(received(1, AT, "Healthy")));
        assertThat(log.getMessages(), hasSize(7));
        assertThat(Files.readString(file("truncated.json.broken")), is(whole.substring(0, whole.length() / 2)));
        assertThat(Files.exists(file("truncated.json")), is(false));
        store().readAll();
        assertThat("told once", log.getMessages(), hasSize(7));
        // Damaged again: the copies of damaged files do not accumulate.
        Files.writeString(file("truncated.json"), "{");
        store().readAll();
        assertThat(Files.readString(file("truncated.json.broken")), is("{"));
    }

    @Test
    public void removedAgentLeavesNoFile() throws Exception {
        write(received(1, AT, "Healthy"), true);
        write(received(2, AT, "Healthy"), false);
        Files.writeString(file("dev.json.broken"), "{");
        Files.writeString(file("development.json"), "{}");
        ReportStore store = store();
        store.remove("dev");
        assertThat("not where it is asked for", file("dev.json.broken").toFile().exists(), is(true));
        store.flush();
        assertThat(List.of(folder.getRoot().list()), containsInAnyOrder("development.json"));
    }

    /** The fields and files that the previous release reads; it ignores all others. */
    private static final class PreviousRelease {
        private static final ObjectMapper JSON = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();

        record PreviousReport(
                String instance,
                String startedAt,
                long sequence,
                int intervalSeconds,
                List<PreviousStatus> applications) {}

        record PreviousStatus(
                String name,
                String repository,
                String path,
                String comparedRevision,
                String syncedRevision,
                String sync,
                String health,
                PreviousOperation operation,
                List<String> images,
                List<PreviousResource> resources,
                String message,
                String observedAt) {}

        record PreviousOperation(
                String phase, String revision, String startedAt, String finishedAt, int retries, String message) {}

        record PreviousResource(
                String kind, String namespace, String name, String sync, String health, String message) {}

        static List<PreviousReport> readAll(Path folder) throws IOException {
            List<PreviousReport> all = new java.util.ArrayList<>();
            try (var files = Files.newDirectoryStream(folder, "*.json")) {
                for (Path file : files) {
                    JsonNode stored = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
                    Instant.parse(stored.path("at").asText());
                    PreviousReport report =
                            JSON.readValue(JSON.writeValueAsBytes(stored.path("report")), PreviousReport.class);
                    Instant.parse(report.startedAt());
                    report.applications().forEach(PreviousRelease::check);
                    all.add(report);
                }
            }
            return all;
        }

        private static void check(PreviousStatus status) {
            for (String required :
                    new String[] {status.name, status.repository, status.path, status.sync, status.health}) {
                assertThat(required, is(notNullValue()));
            }
            Instant.parse(status.observedAt);
            assertThat(status.operation.phase, is(notNullValue()));
            assertThat(status.operation.revision, is(notNullValue()));
            Instant.parse(status.operation.startedAt);
        }
    }
}
