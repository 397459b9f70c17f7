package io.jenkins.plugins.gitops.status.argocd;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.gitops.core.argocd.ArgoProblem;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import javax.net.ssl.SSLException;
import jenkins.model.Jenkins;

/**
 * Requests to one server: through Jenkins' proxy, trusting whom the JVM trusts, never to another host than the configured
 * one. No thread waits for an answer.
 */
final class ArgoClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration USUAL = Duration.ofSeconds(20);
    private static final Duration REFRESH = Duration.ofSeconds(60);
    private static final int LIST_LIMIT = 32 << 20;
    private static final int ONE_LIMIT = 4 << 20;
    private static final int OK = 200;

    private final String url;
    private final ArgoToken token;
    private final Lanes lanes = new Lanes();
    private HttpClient http;
    private ProxyConfiguration proxy;

    ArgoClient(String url, String credentialsId) {
        this.url = url;
        this.token = new ArgoToken(credentialsId, url);
    }

    /** A list of applications, of which there may be thousands. */
    CompletableFuture<byte[]> list(String path) {
        return lanes.run(false, () -> get(path, USUAL, LIST_LIMIT, ArgoProblem::of));
    }

    /** Something about one application. */
    CompletableFuture<byte[]> one(String path, String project, String application) {
        return lanes.run(
                false, () -> get(path, USUAL, ONE_LIMIT, status -> ArgoProblem.about(status, project, application)));
    }

    /** What the server answers only after it has looked at Git. */
    CompletableFuture<byte[]> refresh(String path, String project, String application) {
        return lanes.run(
                true, () -> get(path, REFRESH, ONE_LIMIT, status -> ArgoProblem.about(status, project, application)));
    }

    private CompletableFuture<byte[]> get(String path, Duration timeout, int limit, IntFunction<String> words) {
        HttpRequest request;
        HttpClient client;
        try {
            request = HttpRequest.newBuilder(URI.create(url + path))
                    .header("Authorization", token.header())
                    .header("Accept", "application/json")
                    .timeout(timeout)
                    .build();
            client = client();
        } catch (ArgoRefusal e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, answer -> new BoundedBody(limit));
        // The time-out of the request ends with the headers; a body that trickles in has no longer either.
        CompletableFuture<HttpResponse<byte[]>> limited =
                sent.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return limited.handle((answer, error) -> {
            if (error != null) {
                sent.cancel(true);
                throw new CompletionException(refusal(error));
            }
            if (answer.statusCode() != OK) {
                throw new CompletionException(new ArgoRefusal(words.apply(answer.statusCode()), answer.statusCode()));
            }
            return answer.body();
        });
    }

    /** What went wrong in words of our own: those of the libraries may repeat what was sent. */
    static ArgoRefusal refusal(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ArgoRefusal refusal) {
                return refusal;
            }
            if (cause instanceof ConnectException) {
                return new ArgoRefusal("the server cannot be reached");
            }
            if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
                return new ArgoRefusal("the server did not answer in time");
            }
            if (cause instanceof SSLException) {
                return new ArgoRefusal(
                        "no trusted TLS connection; the JVM has to trust the server's certificate authority");
            }
        }
        return new ArgoRefusal("the connection broke");
    }

    private synchronized HttpClient client() {
        ProxyConfiguration now = Jenkins.get().getProxy();
        if (http == null || now != proxy) {
            proxy = now;
            http = ProxyConfiguration.newHttpClientBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();
        }
        return http;
    }
}
