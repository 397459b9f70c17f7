package io.jenkins.plugins.gitops.core.sync;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.sync.ReportInbox.NotAcceptedException;
import io.jenkins.plugins.gitops.core.sync.ReportInbox.Received;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class ReportInboxTest {
    private static final String SECRET = "0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final String STARTED = "2026-01-01T09:00:00Z";

    private final ReportInbox inbox =
            new ReportInbox(name -> Optional.ofNullable(Map.of("dev", SECRET).get(name)));

    @Test
    public void signedReportIsKept() throws Exception {
        Received received = send(report("a", STARTED, 1));
        assertThat(inbox.newest("dev").orElseThrow(), is(received));
        assertThat(inbox.all(), is(List.of(received)));
    }

    @Test
    public void strangersAllGetTheSameAnswer() {
        byte[] body = ReportInbox.format(report("a", STARTED, 1));
        String now = timestamp(NOW);
        String right = Signature.sign(SECRET, now, body);
        assertRefused(403, () -> inbox.receive("dev", now, Signature.sign("another secret 00", now, body), body, NOW));
        assertRefused(403, () -> inbox.receive("nobody", now, right, body, NOW));
        assertRefused(403, () -> inbox.receive(null, now, right, body, NOW));
        assertRefused(403, () -> inbox.receive("dev", now, null, body, NOW));
        assertRefused(403, () -> inbox.receive("dev", null, right, body, NOW));
        assertRefused(403, () -> inbox.receive("dev", now, right.replace("sha256=", "sha1="), body, NOW));
        assertRefused(403, () -> inbox.receive("dev", timestamp(NOW.plusSeconds(1)), right, body, NOW));
    }

    @Test
    public void clockMayBeFiveMinutesApartAndNoMore() throws Exception {
        sendAt(report("a", STARTED, 1), NOW.minusSeconds(300));
        sendAt(report("a", STARTED, 2), NOW.plusSeconds(300));
        assertRefused(403, () -> sendAt(report("a", STARTED, 3), NOW.minusSeconds(301)));
        assertRefused(403, () -> sendAt(report("a", STARTED, 3), NOW.plusSeconds(301)));
    }

    @Test
    public void replayedOrOverdueReportIsRefused() throws Exception {
        send(report("a", STARTED, 5));
        assertRefused(409, () -> send(report("a", STARTED, 5)));
        assertRefused(409, () -> send(report("a", STARTED, 4)));
        assertThat(inbox.newest("dev").orElseThrow().report().sequence(), is(5L));
    }

    @Test
    public void newProcessStartsItsSequenceAnewAndSilencesTheOldOne() throws Exception {
        send(report("a", STARTED, 5));
        send(report("b", "2026-01-01T09:30:00Z", 1));
        assertRefused(409, () -> send(report("a", STARTED, 6)));
        assertThat(inbox.newest("dev").orElseThrow().report().instance(), is("b"));
    }

    @Test
    public void restoredReportKeepsOlderOnesOut() throws Exception {
        inbox.restore(new Received("dev", report("a", STARTED, 5), NOW));
        assertRefused(409, () -> send(report("a", STARTED, 5)));
        send(report("a", STARTED, 6));
        inbox.restore(new Received("dev", report("a", STARTED, 5), NOW));
        assertThat(inbox.newest("dev").orElseThrow().report().sequence(), is(6L));
    }

    @Test
    public void malformedBodyIsRefusedAfterItsSignature() {
        assertRefused(400, () -> sendBytes("{".getBytes(StandardCharsets.UTF_8), NOW));
        assertRefused(400, () -> sendBytes("null".getBytes(StandardCharsets.UTF_8), NOW));
        assertRefused(400, () -> sendBytes("{\"instance\":\"a\"}".getBytes(StandardCharsets.UTF_8), NOW));
        assertRefused(400, () -> send(report("a", "yesterday", 1)));
        assertRefused(
                400,
                () -> send(new Report(
                        "a",
                        STARTED,
                        1,
                        5,
                        List.of(new Report.ApplicationStatus(
                                "x", null, "p", null, null, "Synced", "Healthy", null, null, null, null, STARTED)))));
    }

    @Test
    public void oversizeBodyIsRefusedUnread() {
        assertRefused(413, () -> sendBytes(new byte[ReportInbox.MAX_BODY + 1], NOW));
    }

    @Test
    public void fieldsOfANewerAgentAreIgnored() throws Exception {
        byte[] body = ("{\"instance\":\"a\",\"startedAt\":\"" + STARTED
                        + "\",\"sequence\":1,\"intervalSeconds\":5,\"applications\":[],\"future\":{}}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(sendBytes(body, NOW).report().sequence(), is(1L));
    }

    @Test
    public void agentIsStaleAfterThreeOfItsIntervals() throws Exception {
        Received slow = send(new Report("a", STARTED, 1, 60, List.of()));
        assertThat(slow.staleAt(), is(NOW.plusSeconds(180)));
        Received quick = send(new Report("a", STARTED, 2, 2, List.of()));
        assertThat(quick.staleAt(), is(NOW.plusSeconds(15)));
    }

    @Test
    public void forgottenAgentHasNoReport() throws Exception {
        send(report("a", STARTED, 1));
        inbox.forget("dev");
        assertThat(inbox.newest("dev"), is(Optional.empty()));
    }

    private static Report report(String instance, String startedAt, long sequence) {
        return new Report(instance, startedAt, sequence, 5, List.of());
    }

    private Received send(Report report) throws NotAcceptedException {
        return sendAt(report, NOW);
    }

    private Received sendAt(Report report, Instant sent) throws NotAcceptedException {
        return sendBytes(ReportInbox.format(report), sent);
    }

    private Received sendBytes(byte[] body, Instant sent) throws NotAcceptedException {
        String timestamp = timestamp(sent);
        return inbox.receive("dev", timestamp, Signature.sign(SECRET, timestamp, body), body, NOW);
    }

    private static String timestamp(Instant instant) {
        return Long.toString(instant.getEpochSecond());
    }

    private static void assertRefused(int status, Sending sending) {
        assertThat(assertThrows(NotAcceptedException.class, sending::send).status(), is(status));
    }

    private interface Sending {
        void send() throws NotAcceptedException;
    }
}
