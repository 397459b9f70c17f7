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

/** Requests to one server, never to another host than the configured one. No thread waits for an answer. */
public final class ArgoCdClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration REFRESH = Duration.ofSeconds(60);
    private static final int LIST_LIMIT = 32 << 20;
    private static final int ONE_LIMIT = 4 << 20;
    private static final int OK = 200;
    private static final int MAX_ERROR = 64 << 10;
    /** In the place of an HTTP status: a body that is no stream, such as a page of a proxy. */
    static final int NO_STREAM = 1;

    private final String url;
    private final Supplier<HttpClient> http;
    private final ArgoCdAuthorization authorization;
    private final RequestThrottle throttle = new RequestThrottle();

    /**
     * @param url without a slash at its end
     * @param http the client to use for the next request, as {@link #configured} makes it
     */
    public ArgoCdClient(String url, Supplier<HttpClient> http, ArgoCdAuthorization authorization) {
        this.url = url;
        this.http = http;
        this.authorization = authorization;
    }

    /** A client that a token may be given to: it follows no redirect. */
    public static HttpClient configured(HttpClient.Builder builder) {
        return builder.followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    /** The token that the next request would carry, to tell whether it is another one. */
    String authorization() throws ArgoCdException {
        return authorization.header();
    }

    /** A list of applications, of which there may be thousands. */
    public CompletableFuture<byte[]> list(String path) {
        return throttle.run(false, () -> get(path, DEFAULT_TIMEOUT, LIST_LIMIT, ArgoCdErrors::of));
    }

    /** Something about one application. */
    CompletableFuture<byte[]> one(String path, String project, String application) {
        return throttle.run(
                false,
                () -> get(
                        path,
                        DEFAULT_TIMEOUT,
                        ONE_LIMIT,
                        status -> ArgoCdErrors.ofApplications(status, project, application)));
    }

    /** What the server answers only after it has looked at Git. */
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
        // The time-out of the request ends with the headers; a body that trickles in has no longer either.
        CompletableFuture<HttpResponse<byte[]>> limited =
                sent.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return limited.handle((answer, error) -> {
            if (error != null) {
                sent.cancel(true);
                throw new CompletionException(ArgoCdException.of(error));
            }
            if (answer.statusCode() != OK) {
                throw new CompletionException(
                        ArgoCdException.of(words.apply(answer.statusCode()), answer.statusCode()));
            }
            return answer.body();
        });
    }

    private HttpRequest.Builder request(String path) throws ArgoCdException {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", authorization.header());
    }

    private static boolean isGzip(HttpHeaders headers) {
        return headers.firstValue("Content-Encoding")
                .filter("gzip"::equalsIgnoreCase)
                .isPresent();
    }

    /**
     * Listens until the server ends it, the connection breaks or the returned future is cancelled. As server-sent events, since
     * only then does the server show by a sign of life each 15 seconds that it is still there.
     *
     * @param pool runs one task after the other
     * @param lines takes whole lines of JSON as they come; an empty list for a sign of life
     * @return completes with null when the server ended it, else with an {@link ArgoCdException}
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
