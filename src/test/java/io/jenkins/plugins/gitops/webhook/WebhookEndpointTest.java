package io.jenkins.plugins.gitops.webhook;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import jenkins.model.Jenkins;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LoggerRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestExtension;

/** The endpoint that Git hosts, Argo CD and Flux call. */
public class WebhookEndpointTest {
    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final LoggerRule log =
            new LoggerRule().record(WebhookEndpoint.class, Level.WARNING).capture(100);

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final List<String> HEARD = Collections.synchronizedList(new ArrayList<>());

    /** Has one name and accepts any request with the correct header. */
    @TestExtension
    public static final class Probe implements WebhookReceiver {
        @Override
        public String kind() {
            return "probe";
        }

        @Override
        public int receive(String name, UnaryOperator<String> header, byte[] body, Instant now) {
            if (!name.equals("known") || !"right".equals(header.apply("X-Probe"))) {
                return 403;
            }
            HEARD.add(new String(body, StandardCharsets.UTF_8));
            return 202;
        }

        @Override
        public boolean isConfigured(String name) {
            return name.equals("known");
        }
    }

    @Before
    public void lockDown() {
        HEARD.clear();
        TestUsers.apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.ADMINISTER)
                        .everywhere()
                        .to("admin")
                        .grant(Jenkins.READ)
                        .everywhere()
                        .to("reader"));
    }

    @Test
    public void messageNeedsNeitherLoginNorCrumbAndGetsAnEmptyResponse() throws Exception {
        HttpResponse<byte[]> answer = post("gitops-webhook/probe/known", HELLO, Map.of("X-Probe", "right"));
        assertThat(answer.statusCode(), is(202));
        assertThat(answer.body().length, is(0));
        assertThat(HEARD, contains("hello"));
    }

    @Test
    public void unauthenticatedSendersAllGetTheSameResponse() throws Exception {
        HttpResponse<byte[]> forged = post("gitops-webhook/probe/known", HELLO, Map.of("X-Probe", "wrong"));
        assertThat(forged.statusCode(), is(403));
        assertThat(forged.body().length, is(0));
        WebhookCalls.assertSameResponse(forged, post("gitops-webhook/probe/known", HELLO, Map.of()));
        WebhookCalls.assertSameResponse(forged, post("gitops-webhook/probe/nobody", HELLO, Map.of("X-Probe", "right")));
        WebhookCalls.assertSameResponse(forged, post("gitops-webhook/other/known", HELLO, Map.of("X-Probe", "right")));
        assertThat(HEARD, is(empty()));
    }

    @Test
    public void callersIdentityMakesNoDifference() throws Exception {
        HttpResponse<byte[]> stranger = post("gitops-webhook/probe/known", HELLO, Map.of());
        for (String user : List.of("admin", "reader", "nobody")) {
            String login = Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
            Map<String, String> forged = Map.of("Authorization", "Basic " + login, "X-Probe", "wrong");
            HttpResponse<byte[]> refused = post("gitops-webhook/probe/known", HELLO, forged);
            assertThat(user, refused.statusCode(), is(stranger.statusCode()));
            assertThat(user, refused.body(), is(stranger.body()));
            Map<String, String> right = Map.of("Authorization", "Basic " + login, "X-Probe", "right");
            assertThat(user, post("gitops-webhook/probe/known", HELLO, right).statusCode(), is(202));
        }
        assertThat(HEARD, hasSize(3));
    }

    @Test
    public void bodyOfExactlyOneMebibyteIsAccepted() throws Exception {
        byte[] largest = new byte[WebhookEndpoint.MAX_BODY];
        byte[] larger = new byte[WebhookEndpoint.MAX_BODY + 1];
        Map<String, String> right = Map.of("X-Probe", "right");
        assertThat(post("gitops-webhook/probe/known", largest, right).statusCode(), is(202));
        HttpResponse<byte[]> refused = post("gitops-webhook/probe/known", larger, right);
        assertThat(refused.statusCode(), is(413));
        WebhookCalls.assertSameResponse(refused, post("gitops-webhook/probe/nobody", larger, right));
        // Also without a Content-Length.
        HttpRequest.Builder chunked = WebhookCalls.builder(j, "gitops-webhook/probe/known")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(larger)));
        right.forEach(chunked::header);
        assertThat(WebhookCalls.send(chunked.build()).statusCode(), is(413));
        assertThat(HEARD, hasSize(1));
    }

    @Test
    public void senderOfAnOversizedBodyReceivesTheStatus() throws Exception {
        // Closing a connection with unread bytes resets it, so a few of many responses may be lost.
        byte[] larger = new byte[WebhookEndpoint.MAX_BODY + 1];
        for (int i = 0; i < 100; i++) {
            assertThat(post("gitops-webhook/probe/known", larger, Map.of()).statusCode(), is(413));
        }
    }

    @Test
    public void onlyPostIsAccepted() throws Exception {
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            HttpRequest request = WebhookCalls.builder(j, "gitops-webhook/probe/known")
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .header("X-Probe", "right")
                    .build();
            assertThat(method, WebhookCalls.send(request).statusCode(), is(405));
        }
        assertThat(HEARD, is(empty()));
    }

    @Test
    public void noOtherPathIsExemptFromTheCrumb() throws Exception {
        for (String path : List.of(
                "gitops-webhook/",
                "gitops-webhook/probe",
                "gitops-webhook/probe/",
                "gitops-webhook/probe/known/",
                "gitops-webhook/probe/known/x",
                "gitops-webhook/Probe/known",
                "gitops-webhook/probe/known%2f",
                "gitops-webhook/probe/-known",
                "configSubmit?/gitops-webhook/probe/known",
                "job/x/gitops-webhook/probe/known",
                "quietDown")) {
            HttpResponse<byte[]> answer = post(path, HELLO, Map.of("X-Probe", "right"));
            assertThat(path, answer.statusCode(), is(403));
            assertThat(path, new String(answer.body(), StandardCharsets.UTF_8), containsString("crumb"));
        }
        assertThat(j.jenkins.isQuietingDown(), is(false));
        assertThat(HEARD, is(empty()));
    }

    @Test
    public void onlyConfiguredNamesAreLoggedOnceAMinute() throws Exception {
        WebhookEndpoint endpoint =
                j.jenkins.getExtensionList(WebhookEndpoint.class).get(0);
        endpoint.resetLog();
        post("gitops-webhook/probe/stranger", HELLO, Map.of());
        post("gitops-webhook/probe/known", HELLO, Map.of());
        assertThat(log.getMessages(), contains("Rejected a webhook for an unknown sender (403)"));
        endpoint.resetLog();
        post("gitops-webhook/probe/known", HELLO, Map.of());
        post("gitops-webhook/probe/stranger", HELLO, Map.of());
        assertThat(
                log.getMessages(),
                contains("Rejected a webhook for an unknown sender (403)", "Rejected a webhook for probe/known (403)"));
    }

    private static HttpResponse<byte[]> post(String path, byte[] body, Map<String, String> headers) throws Exception {
        return WebhookCalls.post(j, path, body, headers);
    }
}
