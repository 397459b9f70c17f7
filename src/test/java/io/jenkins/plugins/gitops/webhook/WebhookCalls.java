package io.jenkins.plugins.gitops.webhook;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jvnet.hudson.test.JenkinsRule;

/** Calls the webhook endpoint as external services do: without a session. */
public final class WebhookCalls {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private WebhookCalls() {}

    public static HttpRequest.Builder builder(JenkinsRule j, String path) throws Exception {
        return HttpRequest.newBuilder(URI.create(j.getURL() + path)).header("Content-Type", "application/json");
    }

    public static HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    public static HttpResponse<byte[]> post(JenkinsRule j, String path, byte[] body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request = builder(j, path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return send(request.build());
    }

    /** Requires that two responses cannot be distinguished. */
    public static void assertSameResponse(HttpResponse<byte[]> expected, HttpResponse<byte[]> actual) {
        assertThat(actual.statusCode(), is(expected.statusCode()));
        assertThat(actual.body(), is(expected.body()));
        assertThat(comparable(actual), is(comparable(expected)));
    }

    private static Map<String, List<String>> comparable(HttpResponse<byte[]> answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        headers.remove("set-cookie");
        // Present only in development: how the URL was resolved.
        headers.keySet().removeIf(name -> name.startsWith("stapler-trace"));
        return headers;
    }
}
