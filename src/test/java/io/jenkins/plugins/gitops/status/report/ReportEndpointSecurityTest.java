package io.jenkins.plugins.gitops.status.report;

import static io.jenkins.plugins.gitops.status.report.SignedReports.report;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/**
 * The logged-in user makes no difference for the agents' endpoint, and a message for one agent grants nothing to
 * another.
 */
public class ReportEndpointSecurityTest {
    private static final String DEV = "report secret of dev";
    private static final String PRODUCTION = "report secret of production";
    private static final List<String> ROLES = List.of("", "eve", "alice", "admin");
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
                        .to("admin")
                        .grant(Jenkins.READ)
                        .everywhere()
                        .to("alice"));
        GitopsConfiguration.get().setAgents(null);
        GitopsConfiguration.get()
                .setAgents(List.of(
                        new AgentConfiguration("dev", Secret.fromString(DEV)),
                        new AgentConfiguration("production", Secret.fromString(PRODUCTION))));
    }

    /** Builds a request as a user; anonymous if empty. */
    private static HttpRequest.Builder request(String user) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(j.getURL() + "gitops-agent/report"));
        if (!user.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8)));
        }
        return request;
    }

    private static HttpRequest.Builder signed(
            HttpRequest.Builder request, String agent, String secret, Instant when, byte[] body) {
        String timestamp = Long.toString(when.getEpochSecond());
        return request.header(ReportSignature.AGENT_HEADER, agent)
                .header(ReportSignature.TIMESTAMP_HEADER, timestamp)
                .header(ReportSignature.SIGNATURE_HEADER, ReportSignature.sign(secret, timestamp, body));
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> post(String agent, String secret, Instant when, byte[] body) throws Exception {
        return send(signed(request(""), agent, secret, when, body).POST(BodyPublishers.ofByteArray(body)));
    }

    @Test
    public void everyMethodAndRoleGetsTheSameResponse() throws Exception {
        long sequence = 0;
        for (String role : ROLES) {
            byte[] body = ReportVerifier.format(report(++sequence, List.of()));
            for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")) {
                HttpResponse<byte[]> answer = send(signed(request(role), "dev", DEV, Instant.now(), body)
                        .method(method, BodyPublishers.ofByteArray(body)));
                assertThat(method + " of " + role, answer.statusCode(), is(405));
                assertThat(ReportingAgents.get().verifier().newest("dev").isPresent(), is(sequence > 1));
            }
            HttpResponse<byte[]> unsigned = send(request(role).POST(BodyPublishers.ofByteArray(body)));
            assertThat("unsigned of " + role, unsigned.statusCode(), is(403));
            assertThat(unsigned.body().length, is(0));
            HttpResponse<byte[]> forged = send(signed(request(role), "dev", PRODUCTION, Instant.now(), body)
                    .POST(BodyPublishers.ofByteArray(body)));
            assertThat("forged of " + role, forged.statusCode(), is(403));
            assertThat(forged.body().length, is(0));
            HttpResponse<byte[]> right =
                    send(signed(request(role), "dev", DEV, Instant.now(), body).POST(BodyPublishers.ofByteArray(body)));
            assertThat("signed of " + role, right.statusCode(), is(200));
        }
    }

    @Test
    public void clockSkewOfAlmostFiveMinutesIsAccepted() throws Exception {
        long sequence = 0;
        for (long apart : new long[] {-290, 290}) {
            byte[] body = ReportVerifier.format(report(++sequence, List.of()));
            assertThat(post("dev", DEV, Instant.now().plusSeconds(apart), body).statusCode(), is(200));
        }
        for (long apart : new long[] {-310, 310}) {
            byte[] body = ReportVerifier.format(report(++sequence, List.of()));
            assertThat(post("dev", DEV, Instant.now().plusSeconds(apart), body).statusCode(), is(403));
        }
    }

    /** A recorded report cannot be made newer, nor sent as another agent's. */
    @Test
    public void replayedReportGrantsNothing() throws Exception {
        byte[] body = ReportVerifier.format(report(5, List.of()));
        Instant then = Instant.now();
        assertThat(post("dev", DEV, then, body).statusCode(), is(200));
        assertThat("again", post("dev", DEV, then, body).statusCode(), is(409));
        String timestamp = Long.toString(then.getEpochSecond());
        String signature = ReportSignature.sign(DEV, timestamp, body);
        HttpRequest.Builder later = request("")
                .header(ReportSignature.AGENT_HEADER, "dev")
                .header(ReportSignature.TIMESTAMP_HEADER, Long.toString(then.getEpochSecond() + 1))
                .header(ReportSignature.SIGNATURE_HEADER, signature);
        assertThat(
                "at another time",
                send(later.POST(BodyPublishers.ofByteArray(body))).statusCode(),
                is(403));
        HttpRequest.Builder elsewhere = request("")
                .header(ReportSignature.AGENT_HEADER, "production")
                .header(ReportSignature.TIMESTAMP_HEADER, timestamp)
                .header(ReportSignature.SIGNATURE_HEADER, signature);
        assertThat(
                "in another's name",
                send(elsewhere.POST(BodyPublishers.ofByteArray(body))).statusCode(),
                is(403));
        Report before = new Report("earlier", "2025-12-31T00:00:00Z", 900, 10, List.of());
        assertThat(
                "of an earlier process",
                post("dev", DEV, Instant.now(), ReportVerifier.format(before)).statusCode(),
                is(409));
        assertThat(ReportingAgents.get().verifier().newest("production").isPresent(), is(false));
    }

    @Test
    public void responseNamesTheProcessItAnswers() throws Exception {
        Report report = new Report("this process", SignedReports.STARTED, 3, 10, List.of());
        HttpResponse<byte[]> answer = post("dev", DEV, Instant.now(), ReportVerifier.format(report));
        assertThat(new ObjectMapper().readTree(answer.body()).path("instance").asText(), is("this process"));
    }
}
