package io.jenkins.plugins.gitops.status.report;

import static io.jenkins.plugins.gitops.status.report.SignedReports.report;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The only endpoint for reports, which needs no login. */
public class ReportEndpointTest {
    private static final String SECRET = "report secret of dev";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Before
    public void lockDown() {
        TestUsers.apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.ADMINISTER)
                        .everywhere()
                        .to("admin"));
        GitopsConfiguration.get().setAgents(null);
        GitopsConfiguration.get()
                .setAgents(List.of(
                        new AgentConfiguration("dev", Secret.fromString(SECRET)),
                        new AgentConfiguration("production", Secret.fromString("report secret of production"))));
    }

    @Test
    public void signedReportNeedsNeitherLoginNorCrumbAndGetsASignedResponse() throws Exception {
        HttpResponse<byte[]> answer = send("dev", SECRET, report(7, List.of()));
        assertThat(answer.statusCode(), is(200));
        assertThat(header(answer, ReportSignature.AGENT_HEADER), is("dev"));
        String timestamp = header(answer, ReportSignature.TIMESTAMP_HEADER);
        assertThat(ReportSignature.isFresh(timestamp, Instant.now()), is(true));
        assertThat(
                ReportSignature.verify(
                        SECRET,
                        ReportSignature.Context.response("dev", timestamp),
                        answer.body(),
                        header(answer, ReportSignature.SIGNATURE_HEADER)),
                is(true));
        JsonNode body = new ObjectMapper().readTree(answer.body());
        assertThat(body.path("sequence").asLong(), is(7L));
        assertThat(sequence("dev"), is(7L));
    }

    @Test
    public void agentOfThePreviousReleaseGetsItsResponseFormat() throws Exception {
        byte[] body = ReportVerifier.format(report(7, List.of()));
        String now = now();
        HttpResponse<byte[]> answer = post(headers("dev", now, ReportSignature.sign(SECRET, now, body)), body);
        assertThat(answer.statusCode(), is(200));
        assertThat(
                ReportSignature.verify(
                        SECRET,
                        header(answer, ReportSignature.TIMESTAMP_HEADER),
                        answer.body(),
                        header(answer, ReportSignature.SIGNATURE_HEADER)),
                is(true));
        AgentInfo state = ReportingAgents.get().agents(Instant.now()).get(0);
        assertThat(state.name(), is("dev"));
        assertThat(state.problem(), containsString("version 1"));
        assertThat(send("dev", SECRET, report(8, List.of())).statusCode(), is(200));
        assertThat(ReportingAgents.get().agents(Instant.now()).get(0).problem(), is(nullValue()));
    }

    @Test
    public void unauthenticatedSendersAllGetTheSameResponse() throws Exception {
        byte[] body = ReportVerifier.format(report(1, List.of()));
        String now = now();
        String right = ReportSignature.sign(SECRET, now, body);
        String decoy = ReportSignature.sign("another secret of 16+", now, body);
        HttpResponse<byte[]> forged = post(headers("dev", now, decoy), body);
        assertThat(forged.statusCode(), is(403));
        assertAlike(forged, post(headers("nobody", now, right), body));
        assertAlike(forged, post(headers("production", now, right), body));
        assertAlike(forged, post(headers("dev", now, null), body));
        assertAlike(forged, post(headers("dev", null, right), body));
        assertAlike(forged, post(headers(null, now, right), body));
        assertAlike(forged, post(Map.of(), body));
        assertAlike(forged, post(headers("dev", now, right), "{}".getBytes(StandardCharsets.UTF_8)));
        assertAlike(forged, post(headers("dev", "not a number", right), body));
        assertAlike(forged, post(headers("dev'\"><img src=x>", now, right), body));
        assertThat(ReportingAgents.get().verifier().newest("dev").isEmpty(), is(true));
    }

    /** The sender gets no details; administrators see which sender was rejected, from where, and why. */
    @Test
    public void rejectionsAreShownToThoseWhoMayConfigure() throws Exception {
        byte[] body = ReportVerifier.format(report(1, List.of()));
        String now = now();
        ReportSignature.Context context = ReportSignature.Context.report("new-cluster", now);
        assertThat(
                post(headers("new-cluster", now, ReportSignature.sign(SECRET, context, body)), body)
                        .statusCode(),
                is(403));
        assertThat(send("dev", "another secret of 16+", report(1, List.of())).statusCode(), is(403));
        List<RejectedReports.Rejection> refusals = RejectedReports.get().all();
        assertThat(refusals.get(0).name(), is("dev"));
        assertThat(refusals.get(0).reason(), containsString("signature is wrong"));
        assertThat(refusals.get(1).name(), is("new-cluster"));
        assertThat(refusals.get(1).address(), is("127.0.0.1"));
        assertThat(refusals.get(1).reason(), is("no agent with that name is configured"));
        JenkinsRule.WebClient administrator = WebClients.login(j, "admin");
        String page = administrator.goTo("gitops").asNormalizedText();
        assertThat(page, containsString("new-cluster"));
        assertThat(page, containsString("from 127.0.0.1: no agent with that name is configured"));
        assertThat(send("dev", SECRET, report(1, List.of())).statusCode(), is(200));
        assertThat(RejectedReports.get().all().get(0).name(), is("new-cluster"));
    }

    @Test
    public void excessiveClockSkewIsRejectedLikeAForgery() throws Exception {
        byte[] body = ReportVerifier.format(report(1, List.of()));
        for (long apart : new long[] {-400, 400}) {
            String timestamp = Long.toString(Instant.now().getEpochSecond() + apart);
            HttpResponse<byte[]> answer =
                    post(headers("dev", timestamp, ReportSignature.sign(SECRET, timestamp, body)), body);
            assertThat(answer.statusCode(), is(403));
            assertThat(answer.body().length, is(0));
        }
    }

    @Test
    public void replayedAndOverdueReportsAreRejected() throws Exception {
        byte[] body = ReportVerifier.format(report(5, List.of()));
        String now = now();
        Map<String, String> headers = headers("dev", now, ReportSignature.sign(SECRET, now, body));
        assertThat(post(headers, body).statusCode(), is(200));
        assertThat(post(headers, body).statusCode(), is(409));
        assertThat(send("dev", SECRET, report(4, List.of())).statusCode(), is(409));
        Report olderProcess = new Report("older", "2025-12-31T00:00:00Z", 99, 10, List.of());
        assertThat(send("dev", SECRET, olderProcess).statusCode(), is(409));
        assertThat(send("dev", SECRET, report(6, List.of())).statusCode(), is(200));
        assertThat(sequence("dev"), is(6L));
    }

    @Test
    public void pagesAreAcceptedAsOneReportOnceComplete() throws Exception {
        HttpResponse<byte[]> first = send("dev", SECRET, page(7, 1, "x"));
        assertThat(first.statusCode(), is(200));
        JsonNode body = new ObjectMapper().readTree(first.body());
        assertThat(body.path("sequence").asLong(), is(7L));
        assertThat(body.path("pages").asInt(), is(Report.Page.MAX));
        assertThat(ReportingAgents.get().agents(Instant.now()).get(0).applications(), is(List.of()));
        assertThat("a gap", send("dev", SECRET, page(9, 2, "y")).statusCode(), is(409));
        assertThat(send("dev", SECRET, page(8, 2, "y")).statusCode(), is(200));
        assertThat(
                ReportingAgents.get()
                        .agents(Instant.now())
                        .get(0)
                        .applications()
                        .size(),
                is(2));
        assertThat(sequence("dev"), is(8L));
    }

    @Test
    public void tooLargeReportIsShownToThoseWhoMayConfigure() throws Exception {
        assertThat(send("dev", SECRET, report(1, List.of())).statusCode(), is(200));
        byte[] body = new byte[ReportVerifier.MAX_BODY + 1];
        assertThat(post(headers("dev", now(), "v2=00"), body).statusCode(), is(413));
        assertThat(RejectedReports.get().all().get(0).reason(), is("its body has 1048577 bytes"));
        assertThat("what was known stays", sequence("dev"), is(1L));
    }

    private static Report page(long sequence, int index, String name) {
        Report.ApplicationStatus application =
                SignedReports.live("https://git.example.com/config", "apps/" + name, "a".repeat(40));
        return new Report(
                "instance",
                SignedReports.STARTED,
                sequence,
                10,
                List.of(application),
                false,
                new Report.Page(index, 2),
                0);
    }

    @Test
    public void tooLargeBodyIsRejectedBeforeItIsParsed() throws Exception {
        byte[] body = new byte[ReportVerifier.MAX_BODY + 1];
        String now = now();
        Map<String, String> headers = headers("dev", now, ReportSignature.sign(SECRET, now, body));
        assertThat(post(headers, body).statusCode(), is(413));
        // Also without a Content-Length.
        HttpRequest.Builder chunked = builder("gitops-agent/report")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)));
        headers.forEach(chunked::header);
        assertThat(
                HTTP.send(chunked.build(), HttpResponse.BodyHandlers.ofByteArray())
                        .statusCode(),
                is(413));
    }

    @Test
    public void malformedReportGetsAnExplanation() throws Exception {
        byte[] body = "{\"instance\": 1}".getBytes(StandardCharsets.UTF_8);
        String now = now();
        HttpResponse<byte[]> answer = post(headers("dev", now, ReportSignature.sign(SECRET, now, body)), body);
        assertThat(answer.statusCode(), is(400));
        assertThat(answer.body().length, is(0));
    }

    @Test
    public void getIsRejected() throws Exception {
        HttpRequest get = builder("gitops-agent/report").GET().build();
        assertThat(HTTP.send(get, HttpResponse.BodyHandlers.ofString()).statusCode(), is(405));
        HttpRequest index = builder("gitops-agent/").GET().build();
        assertThat(HTTP.send(index, HttpResponse.BodyHandlers.ofString()).statusCode(), is(404));
    }

    @Test
    public void noOtherPathIsExemptFromTheCrumb() throws Exception {
        byte[] body = ReportVerifier.format(report(1, List.of()));
        String now = now();
        Map<String, String> headers = headers("dev", now, ReportSignature.sign(SECRET, now, body));
        for (String path : List.of(
                "gitops-agent/report/",
                "gitops-agent/report/x",
                "gitops-agent/",
                "gitops-agent/Report",
                "gitops-agent/report%2f",
                "configSubmit?/gitops-agent/report",
                "job/x/gitops-agent/report",
                "quietDown")) {
            HttpResponse<byte[]> answer = post(path, headers, body);
            assertThat(path, answer.statusCode(), is(403));
            assertThat(path, new String(answer.body(), StandardCharsets.UTF_8).contains("crumb"), is(true));
        }
        assertThat(j.jenkins.isQuietingDown(), is(false));
    }

    @Test
    public void agentOfAnotherNameKeepsItsOwnSequence() throws Exception {
        assertThat(send("dev", SECRET, report(9, List.of())).statusCode(), is(200));
        assertThat(
                send("production", "report secret of production", report(1, List.of()))
                        .statusCode(),
                is(200));
        assertThat(sequence("dev"), is(9L));
        assertThat(sequence("production"), is(1L));
    }

    @Test
    public void changedSecretTakesEffectAtOnce() throws Exception {
        assertThat(send("dev", SECRET, report(1, List.of())).statusCode(), is(200));
        GitopsConfiguration.get()
                .setAgents(List.of(new AgentConfiguration("dev", Secret.fromString("a rotated report secret"))));
        assertThat(send("dev", SECRET, report(2, List.of())).statusCode(), is(403));
        assertThat(send("dev", "a rotated report secret", report(2, List.of())).statusCode(), is(200));
    }

    @Test
    public void removedAgentIsForgotten() throws Exception {
        assertThat(send("dev", SECRET, report(1, List.of())).statusCode(), is(200));
        GitopsConfiguration.get().setAgents(List.of());
        assertThat(send("dev", SECRET, report(2, List.of())).statusCode(), is(403));
        assertThat(ReportingAgents.get().verifier().newest("dev").isEmpty(), is(true));
    }

    private static long sequence(String agent) {
        return ReportingAgents.get()
                .verifier()
                .newest(agent)
                .orElseThrow()
                .report()
                .sequence();
    }

    private static void assertAlike(HttpResponse<byte[]> expected, HttpResponse<byte[]> actual) {
        assertThat(actual.statusCode(), is(expected.statusCode()));
        assertThat(actual.body(), is(expected.body()));
        assertThat(comparable(actual), is(comparable(expected)));
    }

    private static Map<String, List<String>> comparable(HttpResponse<byte[]> answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        headers.keySet().removeIf(name -> name.equals("set-cookie"));
        assertThat(
                headers.containsKey(ReportSignature.SIGNATURE_HEADER.toLowerCase(java.util.Locale.ROOT)),
                is(not(true)));
        return headers;
    }

    private static String now() {
        return Long.toString(Instant.now().getEpochSecond());
    }

    private static Map<String, String> headers(String agent, String timestamp, String signature) {
        Map<String, String> headers = new TreeMap<>();
        put(headers, ReportSignature.AGENT_HEADER, agent);
        put(headers, ReportSignature.TIMESTAMP_HEADER, timestamp);
        put(headers, ReportSignature.SIGNATURE_HEADER, signature);
        return headers;
    }

    private static void put(Map<String, String> headers, String name, String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    private static HttpResponse<byte[]> send(String agent, String secret, Report report) throws Exception {
        byte[] body = ReportVerifier.format(report);
        String now = now();
        ReportSignature.Context context = ReportSignature.Context.report(agent, now);
        return post(headers(agent, now, ReportSignature.sign(secret, context, body)), body);
    }

    private static HttpResponse<byte[]> post(Map<String, String> headers, byte[] body) throws Exception {
        return post("gitops-agent/report", headers, body);
    }

    private static HttpResponse<byte[]> post(String path, Map<String, String> headers, byte[] body) throws Exception {
        HttpRequest.Builder request = builder(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder builder(String path) throws Exception {
        return HttpRequest.newBuilder(URI.create(j.getURL() + path)).header("Content-Type", "application/json");
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow();
    }
}
