package io.jenkins.plugins.gitops.core.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.report.ReportSignature.Context;
import io.jenkins.plugins.gitops.core.report.ReportVerifier.ReportRejectedException;
import io.jenkins.plugins.gitops.core.report.ReportVerifier.VerifiedReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class ReportVerifierTest {
    private static final String SECRET = "0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final String STARTED = "2026-01-01T09:00:00Z";

    private final ReportVerifier inbox =
            new ReportVerifier(name -> Optional.ofNullable(Map.of("dev", SECRET).get(name)));

    @Test
    public void signedReportIsAccepted() throws Exception {
        VerifiedReport verifiedReport = send(report("a", STARTED, 1));
        assertThat(inbox.newest("dev").orElseThrow(), is(verifiedReport));
        assertThat(inbox.all(), is(List.of(verifiedReport)));
    }

    @Test
    public void unauthenticatedSendersAllGetTheSameResponse() {
        byte[] body = ReportVerifier.format(report("a", STARTED, 1));
        String now = timestamp(NOW);
        Context context = Context.report("dev", now);
        String right = ReportSignature.sign(SECRET, context, body);
        assertRefused(
                403,
                () -> inbox.verify("dev", now, ReportSignature.sign("another secret 00", context, body), body, NOW));
        assertRefused(403, () -> inbox.verify("nobody", now, right, body, NOW));
        assertRefused(403, () -> inbox.verify(null, now, right, body, NOW));
        assertRefused(403, () -> inbox.verify("dev", now, null, body, NOW));
        assertRefused(403, () -> inbox.verify("dev", null, right, body, NOW));
        assertRefused(403, () -> inbox.verify("dev", now, right.replace("v2=", "v3="), body, NOW));
        assertRefused(403, () -> inbox.verify("dev", timestamp(NOW.plusSeconds(1)), right, body, NOW));
    }

    @Test
    public void clockSkewOfUpToFiveMinutesIsAccepted() throws Exception {
        sendAt(report("a", STARTED, 1), NOW.minusSeconds(300));
        sendAt(report("a", STARTED, 2), NOW.plusSeconds(300));
        assertRefused(403, () -> sendAt(report("a", STARTED, 3), NOW.minusSeconds(301)));
        assertRefused(403, () -> sendAt(report("a", STARTED, 3), NOW.plusSeconds(301)));
    }

    /** Agents sent this format before conditions were introduced. */
    @Test
    public void missingFieldsOfAnOlderAgentMeanNoProblems() throws Exception {
        Report.ApplicationStatus application =
                ReportVerifier.parse(utf8("""
                        {"instance":"a","startedAt":"2026-01-01T09:00:00Z","sequence":1,"intervalSeconds":5,"applications":[
                        {"name":"app","repository":"u","path":"p","sync":"OutOfSync","health":"Healthy",
                        "operation":{"phase":"Failed","revision":"1","startedAt":"2026-01-01T09:00:00Z","retries":1},
                        "resources":[{"kind":"Service","name":"s","sync":"OutOfSync"}],
                        "observedAt":"2026-01-01T09:00:00Z"}]}""")).applications().get(0);
        assertThat(application.conditions(), is(List.of()));
        assertThat(application.comparedAt() == null, is(true));
        assertThat(application.requested(), is(false));
        assertThat(application.deleting(), is(false));
        assertThat(application.operation().partial(), is(false));
        assertThat(application.resources().get(0).requiresPruning(), is(false));
    }

    @Test
    public void additionsOfANewerAgentAreIgnored() throws Exception {
        String body = new String(ReportVerifier.format(report("a", STARTED, 1)), StandardCharsets.UTF_8);
        Report report = ReportVerifier.parse(utf8(body.replaceFirst("\\{", "{\"mood\":{\"of\":[1]},")));
        assertThat(report, is(report("a", STARTED, 1)));
    }

    /** An older Jenkins can read the report, which has no new fields if there is no problem. */
    @Test
    public void healthyApplicationKeepsItsFormat() {
        Report.OperationState operationState = new Report.OperationState("Succeeded", "1", STARTED, STARTED, 0, null);
        Report.ResourceStatus resourceStatus =
                new Report.ResourceStatus("Job", null, "j", "Synced", "Progressing", null);
        Report.ApplicationStatus application = new Report.ApplicationStatus(
                "app",
                "u",
                "p",
                "1",
                "1",
                "Synced",
                "Healthy",
                operationState,
                List.of(),
                List.of(resourceStatus),
                null,
                STARTED);
        assertThat(
                new String(ReportVerifier.format(application), StandardCharsets.UTF_8),
                is("{\"name\":\"app\",\"repository\":\"u\",\"path\":\"p\",\"comparedRevision\":\"1\","
                        + "\"syncedRevision\":\"1\",\"sync\":\"Synced\",\"health\":\"Healthy\","
                        + "\"operation\":{\"phase\":\"Succeeded\",\"revision\":\"1\","
                        + "\"startedAt\":\"2026-01-01T09:00:00Z\",\"finishedAt\":\"2026-01-01T09:00:00Z\",\"retries\":0},"
                        + "\"images\":[],\"resources\":[{\"kind\":\"Job\",\"name\":\"j\",\"sync\":\"Synced\","
                        + "\"health\":\"Progressing\"}],\"observedAt\":\"2026-01-01T09:00:00Z\"}"));
    }

    @Test
    public void problemsRoundTripThroughTheReport() throws Exception {
        Report.ApplicationCondition condition = new Report.ApplicationCondition("ComparisonError", "no", "1", STARTED);
        Report.OperationState operationState = new Report.OperationState("Failed", "1", STARTED, null, 2, "m", true);
        Report.ResourceStatus resourceStatus = new Report.ResourceStatus("Job", "n", "j", "OutOfSync", null, "m", true);
        Report.ApplicationStatus application = new Report.ApplicationStatus(
                "app",
                "u",
                "p",
                null,
                null,
                "Unknown",
                "Unknown",
                operationState,
                List.of("i"),
                List.of(resourceStatus),
                "m",
                STARTED,
                STARTED,
                true,
                true,
                List.of(condition));
        Report report = new Report("a", STARTED, 1, 5, List.of(application));
        assertThat(ReportVerifier.parse(ReportVerifier.format(report)), is(report));
    }

    private static Report withRunning(Report.RunningImage image) {
        Report.ApplicationStatus application = new Report.ApplicationStatus(
                        "app", "u", "p", null, null, "Synced", "Healthy", null, List.of(), List.of(), null, STARTED)
                .withDetails(new Report.Details(null, null, null, List.of(image), List.of()));
        return new Report("a", STARTED, 1, 5, List.of(application));
    }

    @Test
    public void digestsOfRunningImagesRoundTripAndAreLeftOutWhenUnknown() throws Exception {
        Report known = withRunning(new Report.RunningImage("web:1", "Pod web", true, null, List.of("sha256:a")));
        assertThat(ReportVerifier.parse(ReportVerifier.format(known)), is(known));
        Report unknown = withRunning(new Report.RunningImage("web:1", "Pod web", true, null));
        String text = new String(ReportVerifier.format(unknown), StandardCharsets.UTF_8);
        assertThat(
                text.contains("\"running\":[{\"image\":\"web:1\",\"workload\":\"Pod web\",\"ready\":true}]"), is(true));
        assertThat(ReportVerifier.parse(utf8(text)), is(unknown));
    }

    @Test
    public void digestsAreBoundedAndSanitizedOnReceipt() throws Exception {
        Report report =
                withRunning(new Report.RunningImage("web:1", "Pod web", true, null, Collections.nCopies(50, "a\nb")));
        assertThat(
                send(report)
                        .report()
                        .applications()
                        .get(0)
                        .details()
                        .running()
                        .get(0)
                        .digests(),
                is(Collections.nCopies(Report.RunningImage.MAX_DIGESTS, "a b")));
    }

    @Test
    public void conditionWithoutATypeOrATimeIsMalformed() {
        for (String condition :
                List.of("{\"at\":\"" + STARTED + "\"}", "{\"type\":\"x\"}", "{\"type\":\"x\",\"at\":\"now\"}")) {
            assertRefused(
                    400,
                    () -> ReportVerifier.parse(utf8("{\"instance\":\"a\",\"startedAt\":\"" + STARTED
                            + "\",\"intervalSeconds\":5,\"applications\":[{\"name\":\"app\",\"repository\":\"u\","
                            + "\"path\":\"p\",\"sync\":\"Synced\",\"health\":\"Healthy\",\"observedAt\":\""
                            + STARTED + "\",\"conditions\":[" + condition + "]}]}")));
        }
    }

    @Test
    public void reportFromBeforeTheClockWasSetBackIsStale() throws Exception {
        VerifiedReport verifiedReport = send(report("a", STARTED, 1));
        assertThat(verifiedReport.isStale(NOW), is(false));
        assertThat(verifiedReport.isStale(verifiedReport.staleAt().minusMillis(1)), is(false));
        assertThat(verifiedReport.isStale(verifiedReport.staleAt()), is(true));
        assertThat(verifiedReport.isStale(NOW.minusSeconds(15)), is(false));
        assertThat(verifiedReport.isStale(NOW.minusSeconds(16)), is(true));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    public void replayedOrOverdueReportIsRejected() throws Exception {
        send(report("a", STARTED, 5));
        assertRefused(409, () -> send(report("a", STARTED, 5)));
        assertRefused(409, () -> send(report("a", STARTED, 4)));
        assertThat(inbox.newest("dev").orElseThrow().report().sequence(), is(5L));
    }

    @Test
    public void newProcessRestartsItsSequenceAndReplacesTheOldOne() throws Exception {
        send(report("a", STARTED, 5));
        send(report("b", "2026-01-01T09:30:00Z", 1));
        assertRefused(409, () -> send(report("a", STARTED, 6)));
        assertThat(inbox.newest("dev").orElseThrow().report().instance(), is("b"));
    }

    @Test
    public void logNamesAgentAndReasonOfARejection() {
        byte[] body = ReportVerifier.format(report("a", STARTED, 1));
        String now = timestamp(NOW);
        String right = ReportSignature.sign(SECRET, Context.report("dev", now), body);
        assertThat(reason("nobody", now, right, body), is("no agent with that name is configured"));
        assertThat(
                reason("dev", now, right + "0", body),
                is("its signature is wrong; check that both sides have the same secret"));
        String late = timestamp(NOW.minusSeconds(600));
        assertThat(
                reason("dev", late, ReportSignature.sign(SECRET, Context.report("dev", late), body), body),
                is("its clock is 600 s behind; check the clocks of both sides"));
        String early = timestamp(NOW.plusSeconds(301));
        assertThat(
                reason("dev", early, ReportSignature.sign(SECRET, Context.report("dev", early), body), body),
                is("its clock is 301 s ahead; check the clocks of both sides"));
    }

    private String reason(String agent, String timestamp, String signature, byte[] body) {
        ReportRejectedException refusal =
                assertThrows(ReportRejectedException.class, () -> inbox.verify(agent, timestamp, signature, body, NOW));
        assertThat(refusal.status(), is(403));
        return refusal.getMessage();
    }

    /** Agents of the previous release sign only the time and the body; the response is signed in the same way. */
    @Test
    public void firstVersionReportIsStillAccepted() throws Exception {
        byte[] body = ReportVerifier.format(report("a", STARTED, 1));
        String now = timestamp(NOW);
        VerifiedReport verifiedReport = inbox.verify("dev", now, ReportSignature.sign(SECRET, now, body), body, NOW);
        assertThat(verifiedReport.version(), is(1));
        assertThat(send(report("a", STARTED, 2)).version(), is(2));
    }

    /** Covers two agents with the same secret, and a response that is sent back as a report. */
    @Test
    public void messageSignedForAnotherPurposeIsRejected() {
        byte[] body = ReportVerifier.format(report("a", STARTED, 1));
        String now = timestamp(NOW);
        String ofAnother = ReportSignature.sign(SECRET, Context.report("production", now), body);
        assertRefused(403, () -> inbox.verify("dev", now, ofAnother, body, NOW));
        String response = ReportSignature.sign(SECRET, Context.response("dev", now), body);
        assertRefused(403, () -> inbox.verify("dev", now, response, body, NOW));
    }

    /** Its clock was wrong when it started; the next process, with the correct time, is not locked out. */
    @Test
    public void processStartedInTheFutureLocksNobodyOut() throws Exception {
        send(report("a", "2099-01-01T00:00:00Z", 7));
        send(report("b", "2026-01-01T09:59:00Z", 1));
        assertRefused(409, () -> send(report("a", "2099-01-01T00:00:00Z", 7)));
        assertThat(inbox.newest("dev").orElseThrow().report().instance(), is("b"));
    }

    @Test
    public void silentProcessIsReplacedByOneWithAnEarlierClock() throws Exception {
        send(report("a", STARTED, 7));
        Report behind = report("b", "2026-01-01T08:59:00Z", 1);
        assertRefused(409, () -> send(behind));
        Instant later = NOW.plusSeconds(15);
        String timestamp = timestamp(later);
        byte[] body = ReportVerifier.format(behind);
        inbox.verify(
                "dev", timestamp, ReportSignature.sign(SECRET, Context.report("dev", timestamp), body), body, later);
        assertThat(inbox.newest("dev").orElseThrow().report().instance(), is("b"));
        assertRefused("a former process comes again with what it said", 409, () -> send(report("a", STARTED, 7)));
    }

    @Test
    public void excessiveIntervalIsCapped() throws Exception {
        VerifiedReport verifiedReport = send(new Report("a", STARTED, 1, Integer.MAX_VALUE, List.of()));
        assertThat(verifiedReport.staleAt(), is(NOW.plusSeconds(3 * 3600)));
    }

    @Test
    public void textsAreSanitizedOnReceipt() throws Exception {
        String evil = "x\nFinished: SUCCESS\u0000\u202e\u001b[8m";
        Report.ApplicationStatus application = new Report.ApplicationStatus(
                "app",
                "u",
                "p",
                null,
                null,
                "Synced",
                "Healthy",
                new Report.OperationState("Failed", "1", STARTED, null, 0, evil),
                List.of(evil),
                List.of(new Report.ResourceStatus("Job", null, "j", "Synced", null, evil)),
                "long ".repeat(1_000),
                STARTED);
        Report report =
                send(new Report("a", STARTED, 1, 5, List.of(application))).report();
        Report.ApplicationStatus clean = report.applications().get(0);
        String line = "x Finished: SUCCESS [8m";
        assertThat(clean.operation().message(), is(line));
        assertThat(clean.images(), is(List.of(line)));
        assertThat(clean.resources().get(0).message(), is(line));
        assertThat(clean.message().length() < 1_100, is(true));
    }

    @Test
    public void restoredReportBlocksOlderOnes() throws Exception {
        inbox.restore(new VerifiedReport("dev", report("a", STARTED, 5), NOW));
        assertRefused(409, () -> send(report("a", STARTED, 5)));
        send(report("a", STARTED, 6));
        inbox.restore(new VerifiedReport("dev", report("a", STARTED, 5), NOW));
        assertThat(inbox.newest("dev").orElseThrow().report().sequence(), is(6L));
    }

    @Test
    public void malformedBodyIsRejectedAfterSignatureCheck() {
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
    public void oversizedBodyIsRejectedUnread() {
        assertRefused(413, () -> sendBytes(new byte[ReportVerifier.MAX_BODY + 1], NOW));
    }

    @Test
    public void fieldsOfANewerAgentAreIgnored() throws Exception {
        byte[] body = ("{\"instance\":\"a\",\"startedAt\":\"" + STARTED
                        + "\",\"sequence\":1,\"intervalSeconds\":5,\"applications\":[],\"future\":{}}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(sendBytes(body, NOW).report().sequence(), is(1L));
    }

    @Test
    public void pagesAreOneReport() throws Exception {
        send(report("a", STARTED, 1));
        assertThat(sendPage("a", 2, 1, 3, "x").isPartial(), is(true));
        assertThat(sendPage("a", 3, 2, 3, "y").isPartial(), is(true));
        assertThat("nothing follows before all are here", newest().sequence(), is(1L));
        VerifiedReport whole = sendPage("a", 4, 3, 3, "z");
        assertThat(whole.isPartial(), is(false));
        assertThat(names(whole.report()), is(List.of("x", "y", "z")));
        assertThat(newest(), is(whole.report()));
        assertThat(newest().sequence(), is(4L));
        assertThat(newest().page() == null, is(true));
    }

    @Test
    public void outOfOrderPageIsRejected() throws Exception {
        assertRefused(409, () -> sendPage("a", 2, 2, 2, "y"));
        sendPage("a", 3, 1, 3, "x");
        assertRefused("the same again", 409, () -> sendPage("a", 3, 1, 3, "x"));
        assertRefused("a gap", 409, () -> sendPage("a", 5, 3, 3, "z"));
        assertRefused("another process", 409, () -> sendPage("b", 4, 2, 3, "y"));
        assertRefused("another report", 409, () -> sendPage("a", 4, 2, 2, "y"));
        sendPage("a", 6, 1, 2, "x");
        assertThat("begun again", names(sendPage("a", 7, 2, 2, "y").report()), is(List.of("x", "y")));
        assertRefused("played again", 409, () -> sendPage("a", 6, 1, 2, "x"));
        assertRefused("played again", 409, () -> sendPage("a", 7, 2, 2, "y"));
    }

    @Test
    public void pagesOfAnOlderProcessAreRejected() throws Exception {
        send(report("new", "2026-01-01T09:30:00Z", 1));
        assertRefused(409, () -> sendPage("old", 9, 1, 2, "x"));
    }

    @Test
    public void completeReportBetweenPagesCounts() throws Exception {
        sendPage("a", 1, 1, 2, "x");
        send(report("a", STARTED, 3));
        assertRefused(409, () -> sendPage("a", 2, 2, 2, "y"));
        assertThat(newest().sequence(), is(3L));
    }

    @Test
    public void inconsistentPageNumbersAreRejected() {
        for (int[] page : new int[][] {{0, 2}, {3, 2}, {1, 1}, {1, 0}, {-1, -1}, {1, Report.Page.MAX + 1}}) {
            assertRefused(400, () -> sendPage("a", 1, page[0], page[1], "x"));
        }
    }

    @Test
    public void applicationOmittedForSizeKeepsItsLastStatus() throws Exception {
        sendPage("a", 1, 1, 2, "x");
        sendPage("a", 2, 2, 2, "y");
        send(new Report("a", STARTED, 3, 5, List.of(named("x")), false, null, 1));
        assertThat(names(newest()), is(List.of("x", "y")));
        assertThat(newest().applications().get(0), is(named("x")));
        Report.ApplicationStatus kept = newest().applications().get(1);
        assertThat(kept.sync(), is("Synced"));
        assertThat(kept.details().outdated(), startsWith("not in the agent's last report, which was too small for it"));
        send(new Report("a", STARTED, 4, 5, List.of(named("x")), false, null, 1));
        assertThat("the same again is no news", newest().applications().get(1), is(kept));
        send(new Report("a", STARTED, 5, 5, List.of(named("x")), false, null, 0));
        assertThat("a whole report lists all there are", names(newest()), is(List.of("x")));
    }

    @Test
    public void responseOfAnOlderReceiverOffersNoPaging() throws Exception {
        assertThat(new ReportResponse("a", 1, null, null, null, 0).pages(), is(1));
        assertThat(ReportResponse.toPage(report("a", STARTED, 1)).pages(), is(Report.Page.MAX));
    }

    private Report newest() {
        return inbox.newest("dev").orElseThrow().report();
    }

    private static List<String> names(Report report) {
        return report.applications().stream()
                .map(Report.ApplicationStatus::name)
                .toList();
    }

    private VerifiedReport sendPage(String instance, long sequence, int index, int count, String name)
            throws ReportRejectedException {
        Report.Page page = new Report.Page(index, count);
        return send(new Report(instance, STARTED, sequence, 5, List.of(named(name)), false, page, 0));
    }

    private static Report.ApplicationStatus named(String name) {
        return new Report.ApplicationStatus(
                name, "r", "p", null, null, "Synced", "Healthy", null, null, null, null, NOW.toString());
    }

    @Test
    public void pageWithOutdatedApplicationsStaysAPage() throws Exception {
        Report.ApplicationStatus stalled = new Report.ApplicationStatus(
                "x", "r", "p", null, null, "Synced", "Healthy", null, null, null, null, STARTED);
        Report page = new Report("a", STARTED, 1, 5, List.of(stalled), false, new Report.Page(1, 2), 3);
        VerifiedReport verifiedReport = send(page);
        assertThat(verifiedReport.isPartial(), is(true));
        assertThat(verifiedReport.report().omitted(), is(3));
    }

    @Test
    public void agentIsStaleAfterThreeOfItsIntervals() throws Exception {
        VerifiedReport slow = send(new Report("a", STARTED, 1, 60, List.of()));
        assertThat(slow.staleAt(), is(NOW.plusSeconds(180)));
        VerifiedReport quick = send(new Report("a", STARTED, 2, 2, List.of()));
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

    private VerifiedReport send(Report report) throws ReportRejectedException {
        return sendAt(report, NOW);
    }

    private VerifiedReport sendAt(Report report, Instant sent) throws ReportRejectedException {
        return sendBytes(ReportVerifier.format(report), sent);
    }

    private VerifiedReport sendBytes(byte[] body, Instant sent) throws ReportRejectedException {
        String timestamp = timestamp(sent);
        return inbox.verify(
                "dev", timestamp, ReportSignature.sign(SECRET, Context.report("dev", timestamp), body), body, NOW);
    }

    private static String timestamp(Instant instant) {
        return Long.toString(instant.getEpochSecond());
    }

    private static void assertRefused(String why, int status, Sending sending) {
        assertThat(
                why, assertThrows(ReportRejectedException.class, sending::send).status(), is(status));
    }

    private static void assertRefused(int status, Sending sending) {
        assertThat(assertThrows(ReportRejectedException.class, sending::send).status(), is(status));
    }

    private interface Sending {
        void send() throws ReportRejectedException;
    }
}
