package io.jenkins.plugins.gitops.agent.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import com.sun.net.httpserver.HttpExchange;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportResponse;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Runs against a receiver on loopback. Tests wait for events; the timeouts only end a test that hangs. */
public class ReportSenderTest {
    private static final String SECRET = "first-report-secret-0001";
    private static final String OTHER_SECRET = "other-report-secret-0002";
    /** Recent, since a status with an old observation time is outdated. */
    private static final String OBSERVED = Instant.now().toString();

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Rule
    public final LogCapture log = new LogCapture();

    private final BlockingQueue<ReportResponse> answers = new LinkedBlockingQueue<>();
    private final AtomicReference<String> secret = new AtomicReference<>(SECRET);
    private Supplier<List<ApplicationStatus>> statuses = () -> List.of(status("Synced"));
    private Consumer<ReportResponse> consumer = answers::add;
    private Duration timeout = PATIENCE;
    private ScriptedReportReceiver receiver;
    private ReportSender sender;

    @Before
    public void startReceiver() throws Exception {
        receiver = new ScriptedReportReceiver(SECRET, 0);
    }

    @After
    public void stopAndLookForSecretsInTheLog() {
        if (sender != null) {
            sender.close();
        }
        receiver.close();
        for (String each : List.of(SECRET, OTHER_SECRET)) {
            assertThat(log.texts(), everyItem(not(containsString(each))));
        }
    }

    @Test
    public void reportsAtOnceAndPassesOnTheResponse() throws Exception {
        start(NEVER);
        Report report = nextReport();
        assertThat(report.applications(), is(List.of(status("Synced"))));
        assertThat(report.sequence(), is(1L));
        assertThat(report.intervalSeconds(), is(3600));
        assertThat(receiver.paths.poll(), is("/gitops-agent/report"));
        assertThat(
                nextAnswer(),
                is(ReportResponse.to(report, ScriptedReportReceiver.REVISIONS, List.of("payments-api-dev"), Map.of())));
    }

    @Test
    public void jenkinsContextPathIsKept() throws Exception {
        for (String path : List.of("/jenkins", "/jenkins/")) {
            try (ReportSender other = sender(URI.create(receiver.url() + path), NEVER)) {
                other.start();
                nextAnswer();
                assertThat(receiver.paths.poll(), is("/jenkins/gitops-agent/report"));
            }
        }
    }

    @Test
    public void changeIsReportedWithoutWaitingForTheHeartbeat() throws Exception {
        AtomicReference<String> state = new AtomicReference<>("OutOfSync");
        statuses = () -> List.of(status(state.get()));
        start(NEVER);
        assertThat(nextReport().applications(), is(List.of(status("OutOfSync"))));
        nextAnswer();
        state.set("Synced");
        sender.changed();
        assertThat(nextReport().applications(), is(List.of(status("Synced"))));
    }

    @Test
    public void changeDuringAReportIsInTheNextReport() throws Exception {
        AtomicReference<String> state = new AtomicReference<>("OutOfSync");
        statuses = () -> List.of(status(state.get()));
        receiver.next((exchange, report) -> {
            state.set("Synced");
            sender.changed();
            receiver.good(exchange, report);
        });
        start(NEVER);
        assertThat(nextReport().applications(), is(List.of(status("OutOfSync"))));
        assertThat(nextReport().applications(), is(List.of(status("Synced"))));
    }

    @Test
    public void heartbeatSendsReportsWithIncreasingSequence() throws Exception {
        start(SOON);
        Report first = nextReport();
        assertThat("agents that report often are not stale at once", first.intervalSeconds(), is(5));
        for (long sequence = 2; sequence < 5; sequence++) {
            Report next = nextReport();
            assertThat(next.sequence(), is(sequence));
            assertThat(next.instance(), is(first.instance()));
            assertThat(next.startedAt(), is(first.startedAt()));
        }
    }

    @Test
    public void everyProcessHasItsOwnInstanceId() throws Exception {
        start(NEVER);
        Report first = nextReport();
        sender.close();
        start(NEVER);
        Report second = nextReport();
        assertThat(second.instance(), is(not(first.instance())));
        assertThat(second.sequence(), is(1L));
    }

    @Test
    public void unsignedResponseIsDiscarded() throws Exception {
        assertNotHandedOn((exchange, report) -> {
            byte[] body = ScriptedReportReceiver.body(report);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
        assertThat(log.texts().get(0), containsString("the response is not signed with the report secret"));
    }

    @Test
    public void responseSignedWithAnotherSecretIsDiscarded() throws Exception {
        assertNotHandedOn((exchange, report) -> ScriptedReportReceiver.signed(
                exchange, ScriptedReportReceiver.body(report), OTHER_SECRET, Instant.now()));
    }

    @Test
    public void responseWithModifiedBodyIsDiscarded() throws Exception {
        assertNotHandedOn((exchange, report) -> {
            String now = Long.toString(Instant.now().getEpochSecond());
            byte[] forged = new String(ScriptedReportReceiver.body(report), UTF_8)
                    .replace("aaa", "bbb")
                    .getBytes(UTF_8);
            ReportSignature.Context context = ReportSignature.Context.response("dev", now);
            ScriptedReportReceiver.send(
                    exchange, forged, now, ReportSignature.sign(SECRET, context, ScriptedReportReceiver.body(report)));
        });
    }

    @Test
    public void messageSignedByAnAgentIsNotAcceptedAsResponse() throws Exception {
        assertSignedLikeThisIsNotHandedOn(
                (now, body) -> ReportSignature.sign(SECRET, ReportSignature.Context.report("dev", now), body));
    }

    @Test
    public void responseToAnotherAgentIsDiscarded() throws Exception {
        assertSignedLikeThisIsNotHandedOn(
                (now, body) -> ReportSignature.sign(SECRET, ReportSignature.Context.response("prod", now), body));
    }

    @Test
    public void responseWithOldSignatureVersionIsDiscarded() throws Exception {
        assertSignedLikeThisIsNotHandedOn((now, body) -> ReportSignature.sign(SECRET, now, body));
    }

    private void assertSignedLikeThisIsNotHandedOn(BiFunction<String, byte[], String> sign) throws Exception {
        assertNotHandedOn((exchange, report) -> {
            String now = Long.toString(Instant.now().getEpochSecond());
            byte[] body = ScriptedReportReceiver.body(report);
            ScriptedReportReceiver.send(exchange, body, now, sign.apply(now, body));
        });
    }

    @Test
    public void responseWithWrongTimestampIsDiscarded() throws Exception {
        Duration apart = ReportSignature.CLOCK_WINDOW.plusMinutes(1);
        assertNotHandedOn((exchange, report) -> ScriptedReportReceiver.signed(
                exchange,
                ScriptedReportReceiver.body(report),
                SECRET,
                Instant.now().minus(apart)));
    }

    @Test
    public void responseToAnEarlierReportIsDiscarded() throws Exception {
        AtomicReference<Report> first = new AtomicReference<>();
        receiver.next((exchange, report) -> {
            first.set(report);
            receiver.good(exchange, report);
        });
        receiver.next((exchange, report) -> ScriptedReportReceiver.signed(
                exchange, ScriptedReportReceiver.body(first.get()), SECRET, Instant.now()));
        start(SOON);
        assertThat(nextAnswer().sequence(), is(1L));
        assertThat(
                "the second report's answer was the first one's again",
                nextAnswer().sequence(),
                is(3L));
        assertThat(log.texts().get(0), containsString("the response belongs to another report"));
    }

    @Test
    public void responseToAnotherProcessOfTheAgentIsDiscarded() throws Exception {
        assertNotHandedOn((exchange, report) -> {
            ReportResponse other = new ReportResponse(
                    "another", report.sequence(), ScriptedReportReceiver.REVISIONS, List.of(), Map.of(), 1);
            ScriptedReportReceiver.signed(exchange, ReportVerifier.format(other), SECRET, Instant.now());
        });
        assertThat(log.texts().get(0), containsString("the response belongs to another report"));
    }

    @Test
    public void signedMalformedResponseIsDiscarded() throws Exception {
        assertNotHandedOn((exchange, report) ->
                ScriptedReportReceiver.signed(exchange, "{\"sequence\": [".getBytes(UTF_8), SECRET, Instant.now()));
    }

    @Test
    public void signedEmptyResponseIsDiscarded() throws Exception {
        assertNotHandedOn((exchange, report) ->
                ScriptedReportReceiver.signed(exchange, "null".getBytes(UTF_8), SECRET, Instant.now()));
    }

    @Test
    public void fieldsOfALaterVersionAreIgnored() throws Exception {
        receiver.next((exchange, report) -> ScriptedReportReceiver.signed(
                exchange, "{\"sequence\": 1, \"more\": {}}".getBytes(UTF_8), SECRET, Instant.now()));
        start(NEVER);
        assertThat(nextAnswer(), is(new ReportResponse(null, 1, null, null, null, 1)));
    }

    @Test
    public void redirectIsNotFollowed() throws Exception {
        for (int status : List.of(301, 302, 303, 307, 308)) {
            receiver.next((exchange, report) -> {
                exchange.getResponseHeaders().set("Location", receiver.url() + "/elsewhere");
                exchange.sendResponseHeaders(status, -1);
            });
            receiver.next(receiver::good);
        }
        start(SOON);
        for (int i = 1; i <= 5; i++) {
            assertThat(nextAnswer().sequence(), is(2L * i));
        }
        assertThat(receiver.paths, everyItem(is("/gitops-agent/report")));
        assertThat(log.texts().get(0), containsString("status 301"));
    }

    @Test
    public void recoversWhenTheReceiverComesBack() throws Exception {
        int port = receiver.port();
        receiver.close();
        start(NEVER);
        String warning =
                log.warnings.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).getMessage();
        assertThat(
                warning,
                startsWith(
                        "Report of dev did not reach " + ScriptedReportReceiver.url(port) + "/gitops-agent/report: "));
        assertThat(warning, not(containsString("null")));
        receiver = new ScriptedReportReceiver(SECRET, port);
        assertThat(nextReport().applications(), is(List.of(status("Synced"))));
        nextAnswer();
        assertThat("an absence is told once", log.warnings.poll(), is((Object) null));

        receiver.close();
        sender.changed();
        assertThat(
                "the next absence is told again",
                log.warnings.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS),
                notNullValue());
        receiver = new ScriptedReportReceiver(SECRET, port);
        nextAnswer();
    }

    @Test
    public void brokenConnectionIsRetried() throws Exception {
        assertNotHandedOn((exchange, report) -> exchange.close());
    }

    @Test
    public void stalledResponseDoesNotStopTheReports() throws Exception {
        timeout = Duration.ofMillis(500);
        CountDownLatch over = new CountDownLatch(1);
        receiver.next((exchange, report) -> stall(exchange, over));
        start(NEVER);
        assertThat(nextAnswer().sequence() > 1, is(true));
        assertThat(log.texts(), hasItem(containsString("no complete response within 500 ms")));
        over.countDown();
    }

    private static void stall(HttpExchange exchange, CountDownLatch over) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write(new byte[10]);
        exchange.getResponseBody().flush();
        over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    public void endlessResponseIsCutOff() throws Exception {
        assertNotHandedOn((exchange, report) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] part = new byte[1 << 16];
            try {
                while (true) {
                    exchange.getResponseBody().write(part);
                }
            } catch (IOException e) {
                assertThat(e, notNullValue()); // The agent closed the connection.
            }
        });
        assertThat(log.texts().get(0), containsString("the response is larger than 1 MiB and was aborted"));
    }

    @Test
    public void largeReportIsSentInPagesOnceTheReceiverSupportsThem() throws Exception {
        statuses = () -> Collections.nCopies(4000, status("Synced"));
        start(NEVER);
        Report first = nextReport();
        assertThat("nothing is known of the receiver yet", first.page(), is((Object) null));
        assertThat(first.applications().size() + first.omitted(), is(4000));
        assertThat(first.omitted() > 0, is(true));
        Report page = nextReport();
        assertThat(page.page().index(), is(1));
        for (int index = 2; index < page.page().count(); index++) {
            assertThat(nextReport().page().index(), is(index));
        }
        Report whole = nextReport();
        assertThat("put together by the receiver", whole.applications().size(), is(4000));
        assertThat(whole.omitted(), is(0));
        assertThat(nextAnswer().sequence(), is(1L));
        assertThat("only the last page is answered", nextAnswer().sequence(), is(whole.sequence()));
        assertThat(log.texts(), is(List.of()));
    }

    @Test
    public void receiverWithoutPagingGetsOneReportNamingWhatIsMissing() throws Exception {
        statuses = () -> Collections.nCopies(4000, status("Synced"));
        for (int i = 0; i < 2; i++) {
            receiver.next((exchange, report) -> {
                ReportResponse old = new ReportResponse(report.instance(), report.sequence(), null, null, null, 1);
                ScriptedReportReceiver.signed(exchange, ReportVerifier.format(old), SECRET, Instant.now());
            });
        }
        start(SOON);
        for (int i = 0; i < 2; i++) {
            Report report = nextReport();
            assertThat(report.page(), is((Object) null));
            assertThat(report.omitted() > 0, is(true));
            nextAnswer();
        }
        assertThat(
                log.warnings.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).getMessage(), containsString(" are omitted"));
    }

    @Test
    public void tooLargeReportIsResentSmallerAtOnce() throws Exception {
        statuses = () -> Collections.nCopies(2000, status("Synced"));
        for (int i = 0; i < 2; i++) {
            receiver.next((exchange, report) -> exchange.sendResponseHeaders(413, -1));
        }
        start(NEVER);
        int first = nextReport().applications().size();
        int second = nextReport().applications().size();
        Report third = nextReport();
        assertThat(second < first, is(true));
        assertThat(third.applications().size() < second, is(true));
        assertThat(third.omitted(), is(2000 - third.applications().size()));
        assertThat(nextAnswer().sequence(), is(3L));
        assertThat(log.texts().get(0), containsString("status 413"));
        Report page = nextReport();
        assertThat("smaller pages hold everything", page.page().count() > 1, is(true));
        assertThat(page.omitted(), is(0));
    }

    @Test
    public void rejectedReportIsLogged() throws Exception {
        receiver.secret.set(OTHER_SECRET);
        start(NEVER);
        assertThat(
                log.warnings.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).getMessage(), containsString("status 403"));
        receiver.secret.set(SECRET);
        assertThat(nextAnswer(), notNullValue());
    }

    @Test
    public void secretIsRotatedWithoutARestart() throws Exception {
        start(NEVER);
        assertThat(nextAnswer().sequence(), is(1L));
        receiver.secret.set(OTHER_SECRET);
        secret.set(OTHER_SECRET);
        sender.changed();
        assertThat(nextAnswer().sequence(), is(2L));
    }

    @Test
    public void responseIsVerifiedWithTheSecretOfItsReport() throws Exception {
        receiver.next((exchange, report) -> {
            secret.set(OTHER_SECRET);
            receiver.good(exchange, report);
        });
        start(NEVER);
        assertThat(nextAnswer().sequence(), is(1L));
    }

    @Test
    public void failingStatusSupplierDoesNotStopTheSender() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        statuses = () -> {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("not ready");
            }
            return List.of(status("Synced"));
        };
        start(NEVER);
        assertThat(nextReport().applications().size(), is(1));
        assertThat(log.warnings.poll().getThrown().getMessage(), is("not ready"));
    }

    @Test
    public void temporarilyUnreadableSecretDoesNotStopTheSender() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        sender = new ReportSender(
                receiver.url(),
                ScriptedReportReceiver.AGENT,
                () -> read(calls),
                NEVER,
                statuses,
                consumer,
                false,
                timeout);
        sender.start();
        assertThat(nextAnswer(), notNullValue());
        assertThat(calls.get(), is(3));
    }

    private static String read(AtomicInteger calls) {
        return switch (calls.getAndIncrement()) {
            case 0 -> throw new UncheckedIOException(new IOException("being replaced"));
            case 1 -> "";
            default -> SECRET;
        };
    }

    @Test
    public void failingResponseHandlerDoesNotStopTheSender() throws Exception {
        consumer = answer -> {
            if (answer.sequence() == 1) {
                throw new IllegalStateException("busy");
            }
            answers.add(answer);
        };
        start(NEVER);
        assertThat(nextAnswer().sequence(), is(2L));
    }

    @Test
    public void closeEndsTheThreadEvenWhileAwaitingAResponse() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        receiver.next((exchange, report) -> stall(exchange, over));
        AtomicReference<Thread> thread = new AtomicReference<>();
        statuses = () -> {
            thread.set(Thread.currentThread());
            return List.of();
        };
        start(NEVER);
        nextReport();
        sender.close();
        thread.get().join(PATIENCE.toMillis());
        assertThat(thread.get().isAlive(), is(false));
        assertThat(thread.get().isDaemon(), is(true));
        assertThat(thread.get().getName(), is("gitops-report-dev"));
        over.countDown();
    }

    @Test
    public void senderClosedBeforeStartReportsNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        statuses = () -> {
            calls.incrementAndGet();
            return List.of();
        };
        sender = sender(receiver.url(), SOON);
        sender.close();
        sender.start();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("gitops-report-dev")) {
                thread.join(PATIENCE.toMillis());
            }
        }
        assertThat(calls.get(), is(0));
    }

    @Test
    public void backoffDoublesUpToHalfAMinuteWithJitter() {
        long[] longest = {500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000};
        for (int failures = 1; failures <= longest.length; failures++) {
            for (int draw = 0; draw < 200; draw++) {
                long millis = ReportSender.backoff(failures).toMillis();
                assertThat(
                        failures + " failures: " + millis + " ms",
                        millis >= longest[failures - 1] / 2 && millis <= longest[failures - 1],
                        is(true));
            }
        }
        assertThat(ReportSender.backoff(Integer.MAX_VALUE).toSeconds() <= 30, is(true));
    }

    /** Responds once with a bad response, then with a good one, and requires that only the good one is passed on. */
    private void assertNotHandedOn(ScriptedReportReceiver.ResponseScript bad) throws Exception {
        receiver.next(bad);
        start(NEVER);
        assertThat(nextAnswer().sequence(), is(2L));
        assertThat(answers.poll(), is((Object) null));
        assertThat(log.warnings.size(), is(1));
    }

    private void start(Duration heartbeat) {
        sender = sender(receiver.url(), heartbeat);
        sender.start();
    }

    private ReportSender sender(URI jenkins, Duration heartbeat) {
        return new ReportSender(
                jenkins,
                ScriptedReportReceiver.AGENT,
                secret::get,
                heartbeat,
                () -> statuses.get(),
                answer -> consumer.accept(answer),
                false,
                timeout);
    }

    private Report nextReport() throws InterruptedException {
        Report report = receiver.reports.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat("a report came in", report, notNullValue());
        return report;
    }

    private ReportResponse nextAnswer() throws InterruptedException {
        ReportResponse answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat("an answer was handed on", answer, notNullValue());
        return answer;
    }

    private static ApplicationStatus status(String sync) {
        return new ApplicationStatus(
                "payments-api-dev",
                "https://git.example.com/config",
                "services/payments-api/overlays/dev",
                "a".repeat(40),
                "a".repeat(40),
                sync,
                "Healthy",
                null,
                List.of("ghcr.io/myorg/payments-api:1.4.0"),
                List.of(),
                null,
                OBSERVED);
    }
}
