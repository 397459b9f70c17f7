package io.jenkins.plugins.gitops.core.argocd.client;

import io.jenkins.plugins.gitops.core.argocd.ArgoCdErrors;
import io.jenkins.plugins.gitops.core.http.BoundedBodySubscriber;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Sends requests to one server, and never to a host other than the configured one. No thread blocks while waiting for a
 * response.
 */
public final class ArgoCdClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration REFRESH = Duration.ofSeconds(60);
    private static final int LIST_LIMIT = 32 << 20;
    private static final int ONE_LIMIT = 4 << 20;
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int MAX_ERROR = 64 << 10;
    /** Used in place of an HTTP status for a body that is not a stream, such as an error page of a proxy. */
    static final int NO_STREAM = 1;

    private final String url;
    private final Supplier<HttpClient> http;
    private final ArgoCdAuthorization authorization;
    private final RequestThrottle throttle = new RequestThrottle();
    /** Empty until a token is rejected, and after a request for which there was no token. */
    private volatile String rejectedAuthorization = "";

    /**
     * @param url without a trailing slash
     * @param http supplies the client for the next request, as created by {@link #configured}
     */
    public ArgoCdClient(String url, Supplier<HttpClient> http, ArgoCdAuthorization authorization) {
        this.url = url;
        this.http = http;
        this.authorization = authorization;
    }

    /** Creates a client that is safe to use with a token: it follows no redirects. */
    public static HttpClient configured(HttpClient.Builder builder) {
        return builder.followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    /** The token that the next request would send, to detect a replaced token. */
    String authorization() throws ArgoCdException {
        return authorization.header();
    }

    /**
     * The token that the server rejected last. A response may arrive after the token was replaced, so this is the one that the
     * request carried.
     */
    String rejectedAuthorization() {
        return rejectedAuthorization;
    }

    /** Requests a list of applications, of which there may be thousands. */
    public CompletableFuture<byte[]> list(String path) {
        return throttle.run(false, () -> get(path, DEFAULT_TIMEOUT, LIST_LIMIT, ArgoCdErrors::of));
    }

    /** Requests something about one application. */
    CompletableFuture<byte[]> one(String path, String project, String application) {
        return throttle.run(
                false,
                () -> get(
                        path,
                        DEFAULT_TIMEOUT,
                        ONE_LIMIT,
                        status -> ArgoCdErrors.ofApplications(status, project, application)));
    }

    /** Requests something that the server returns only after a refresh from Git. */
    CompletableFuture<byte[]> refresh(String path, String project, String application) {
        return throttle.run(
                true,
                () -> get(
                        path, REFRESH, ONE_LIMIT, status -> ArgoCdErrors.ofApplications(status, project, application)));
    }

    private CompletableFuture<byte[]> get(String path, Duration timeout, int limit, IntFunction<String> words) {
        CompletableFuture<HttpResponse<byte[]>> sent;
        try {
            HttpRequest request = request(path)
                    .header("Accept", "application/json")
                    .header("Accept-Encoding", "gzip")
                    .timeout(timeout)
                    .build();
            sent = http.get().sendAsync(request, answer -> new BoundedBodySubscriber(limit, isGzip(answer.headers())));
        } catch (ArgoCdException e) {
            return CompletableFuture.failedFuture(e);
        }
        // The timeout of the request covers only the headers; this one also covers a body that arrives slowly.
        CompletableFuture<HttpResponse<byte[]>> limited =
                sent.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return limited.handle((answer, error) -> {
            if (error != null) {
                sent.cancel(true);
                throw new CompletionException(ArgoCdException.of(error));
            }
            if (answer.statusCode() != OK) {
                recordRejection(answer);
                throw new CompletionException(
                        ArgoCdException.of(words.apply(answer.statusCode()), answer.statusCode()));
            }
            return answer.body();
        });
    }

    private HttpRequest.Builder request(String path) throws ArgoCdException {
        String header;
        try {
            header = authorization.header();
        } catch (ArgoCdException e) {
            rejectedAuthorization = "";
            throw e;
        }
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", header);
    }

    private void recordRejection(HttpResponse<?> response) {
        if (response.statusCode() == UNAUTHORIZED) {
            rejectedAuthorization =
                    response.request().headers().firstValue("Authorization").orElse("");
        }
    }

    private static boolean isGzip(HttpHeaders headers) {
        return headers.firstValue("Content-Encoding")
                .filter("gzip"::equalsIgnoreCase)
                .isPresent();
    }

    /**
     * Receives lines until the server ends the stream, the connection fails, or the returned future is cancelled. Uses
     * server-sent events, because only then does the server send a heartbeat every 15 seconds.
     *
     * @param pool runs one task after the other
     * @param lines receives complete lines of JSON; an empty list for a heartbeat
     * @return completes with null if the server ended the stream, otherwise with an {@link ArgoCdException}
     */
    CompletableFuture<Void> stream(String path, Executor pool, Consumer<List<byte[]>> lines) {
        HttpRequest request;
        try {
            request = request(path).header("Accept", "text/event-stream").build();
        } catch (ArgoCdException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<HttpResponse<Boolean>> sent = http.get().sendAsync(request, answer -> {
            boolean gzip = isGzip(answer.headers());
            return answer.statusCode() == OK && isStream(answer.headers())
                    ? HttpResponse.BodySubscribers.mapping(
                            new JsonLineSubscriber(pool, gzip, lines), body -> Boolean.TRUE)
                    : HttpResponse.BodySubscribers.mapping(
                            new BoundedBodySubscriber(MAX_ERROR, gzip), body -> Boolean.FALSE);
        });
        CompletableFuture<Void> result = sent.handle((answer, error) -> {
            if (error != null) {
                throw new CompletionException(ArgoCdException.of(error));
            }
            if (answer.statusCode() != OK) {
                recordRejection(answer);
                throw new CompletionException(
                        ArgoCdException.of(ArgoCdErrors.of(answer.statusCode()), answer.statusCode()));
            }
            if (!Boolean.TRUE.equals(answer.body())) {
                throw new CompletionException(
                        ArgoCdException.of("the response is not that of an Argo CD server", NO_STREAM));
            }
            return null;
        });
        result.whenComplete((done, error) -> {
            if (result.isCancelled()) {
                sent.cancel(true);
            }
        });
        return result;
    }

    private static boolean isStream(HttpHeaders headers) {
        String type = headers.firstValue("Content-Type").orElse("");
        return type.startsWith("text/event-stream") || type.startsWith("application/json");
    }
}
