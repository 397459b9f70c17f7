package io.jenkins.plugins.gitops.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.http.BodyTooLargeException;
import io.jenkins.plugins.gitops.core.http.BoundedBodySubscriber;
import io.jenkins.plugins.gitops.core.model.ImageDigest;
import io.jenkins.plugins.gitops.core.model.Sha256;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Sends the requests of one check to a repository, by the OCI Distribution API. Follows no redirects, and connects only to the
 * registry and to token servers that {@link RegistryHost#allowsTokenFrom} allows. Blocks no thread.
 */
public final class RegistryRepository implements TagRegistry {
    private static final Logger LOGGER = Logger.getLogger(RegistryRepository.class.getName());
    private static final int MAX_MANIFEST = 4 << 20;
    private static final int MAX_OTHER = 64 << 10;
    private static final int MAX_PLATFORMS = 1_000;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final String ACCEPT = "application/vnd.oci.image.index.v1+json,"
            + " application/vnd.docker.distribution.manifest.list.v2+json,"
            + " application/vnd.oci.image.manifest.v1+json,"
            + " application/vnd.docker.distribution.manifest.v2+json";

    /** One segment of a path; never {@code .} or {@code ..}. */
    private static final Pattern SEGMENT = Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");

    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final int MAX_REPOSITORY = 255;
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,32768}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final RegistrySettings registry;
    private final String repository;
    private final long deadline;
    private volatile String authorization;

    /**
     * @param http a client from {@link #configured}
     * @param repository the name of the repository in the registry, such as {@code library/nginx}
     * @param timeout the limit for all requests together
     */
    public RegistryRepository(HttpClient http, RegistrySettings registry, String repository, Duration timeout) {
        this.http = http;
        this.registry = registry;
        this.repository = repository;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /** Creates a client that follows no redirects, so that credentials are not sent elsewhere. */
    public static HttpClient configured(HttpClient.Builder builder) {
        return builder.followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    @Override
    public CompletableFuture<RegistryAnswer> digest(String tag) {
        if (!TAG.matcher(tag).matches() || !isValidRepository()) {
            return CompletableFuture.completedFuture(RegistryAnswer.unknown("the registry cannot have such an image"));
        }
        return answer(manifest("HEAD", tag).thenCompose(response -> {
            String digest =
                    response.headers().firstValue("Docker-Content-Digest").orElse("");
            return ImageDigest.isValid(digest)
                    ? CompletableFuture.completedFuture(Set.of(digest))
                    // Some registries omit the header; the digest is that of the body.
                    : manifest("GET", tag).thenApply(full -> Set.of("sha256:" + Sha256.hex(full.body())));
        }));
    }

    @Override
    public CompletableFuture<RegistryAnswer> platformDigests(String digest) {
        if (!ImageDigest.isValid(digest) || !isValidRepository()) {
            return CompletableFuture.completedFuture(RegistryAnswer.unknown("the registry cannot have such an image"));
        }
        return answer(manifest("GET", digest).thenApply(response -> platforms(response.body())));
    }

    private boolean isValidRepository() {
        return repository.length() <= MAX_REPOSITORY
                && Arrays.stream(repository.split("/", -1))
                        .allMatch(segment -> SEGMENT.matcher(segment).matches());
    }

    private CompletableFuture<RegistryAnswer> answer(CompletableFuture<Set<String>> digests) {
        return digests.handle((found, error) -> {
            if (error == null) {
                return RegistryAnswer.of(found);
            }
            String reason = reason(error);
            LOGGER.log(Level.FINE, "{0}/{1} cannot be checked: {2}", new Object[] {
                registry.host().name(), repository, reason
            });
            return RegistryAnswer.unknown(reason);
        });
    }

    private static String reason(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean ours = cause instanceof RegistryException || cause instanceof BodyTooLargeException;
        // Other messages may quote the response.
        return ours ? cause.getMessage() : "no answer: " + cause.getClass().getSimpleName();
    }

    private static Set<String> platforms(byte[] body) {
        Set<String> digests = new HashSet<>();
        try {
            for (JsonNode entry : JSON.readTree(body).path("manifests")) {
                String digest = entry.path("digest").asText();
                if (ImageDigest.isValid(digest) && digests.size() < MAX_PLATFORMS) {
                    digests.add(digest);
                }
            }
        } catch (IOException e) {
            throw new CompletionException(new RegistryException("the manifest is not JSON"));
        }
        return digests;
    }

    private CompletableFuture<HttpResponse<byte[]>> manifest(String method, String reference) {
        URI uri = URI.create(registry.host().url() + "/v2/" + repository + "/manifests/" + reference);
        return send(method, uri, authorization)
                .thenCompose(response ->
                        response.statusCode() == HttpURLConnection.HTTP_UNAUTHORIZED && authorization == null
                                ? authorize(response).thenCompose(done -> send(method, uri, authorization))
                                : CompletableFuture.completedFuture(response))
                .thenApply(response -> requireOk("the registry", response));
    }

    private static HttpResponse<byte[]> requireOk(String who, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status == HttpURLConnection.HTTP_OK) {
            return response;
        }
        String what =
                switch (status) {
                    case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
                        "does not grant access";
                    case HttpURLConnection.HTTP_NOT_FOUND -> "does not have this image";
                    case TOO_MANY_REQUESTS -> "limits requests";
                    default -> status / 100 == 3 ? "redirects elsewhere" : "cannot answer";
                };
        throw new CompletionException(new RegistryException(who + " " + what + " (status " + status + ")"));
    }

    /** Determines the Authorization header of the next requests. */
    private CompletableFuture<Void> authorize(HttpResponse<byte[]> refused) {
        AuthChallenge challenge = AuthChallenge.of(refused.headers()).orElse(null);
        RegistryLogin login = registry.login();
        if (challenge != null && !challenge.bearer() && login != null) {
            authorization = login.basic();
            return CompletableFuture.completedFuture(null);
        }
        if (challenge == null || !challenge.bearer()) {
            return failed("the registry does not grant access without credentials");
        }
        URI realm = challenge.realm();
        if (realm == null || !registry.host().allowsTokenFrom(realm, registry.tokenServer())) {
            return failed("the registry names a token server that is not allowed");
        }
        return send("GET", challenge.tokenUrl(repository), login == null ? null : login.basic())
                .thenApply(response -> requireOk("the token server", response))
                .thenAccept(response -> authorization = "Bearer " + token(response.body()));
    }

    private static String token(byte[] body) {
        String token = "";
        try {
            JsonNode answer = JSON.readTree(body);
            token = answer.path("token").asText(answer.path("access_token").asText());
        } catch (IOException e) {
            // Handled as a missing token.
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new CompletionException(new RegistryException("the token server sent no token"));
        }
        return token;
    }

    private static CompletableFuture<Void> failed(String why) {
        return CompletableFuture.failedFuture(new RegistryException(why));
    }

    private CompletableFuture<HttpResponse<byte[]>> send(String method, URI uri, @CheckForNull String header) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return CompletableFuture.failedFuture(new RegistryException("no answer in time"));
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Accept", uri.getPath().startsWith("/v2/" + repository) ? ACCEPT : "application/json")
                .timeout(Duration.ofNanos(left));
        if (header != null) {
            request.header("Authorization", header);
        }
        CompletableFuture<HttpResponse<byte[]>> sent = http.sendAsync(
                request.build(),
                info -> new BoundedBodySubscriber(
                        info.statusCode() == HttpURLConnection.HTTP_OK ? MAX_MANIFEST : MAX_OTHER, false));
        // The timeout of the request covers the headers only.
        CompletableFuture<HttpResponse<byte[]>> limited = sent.copy().orTimeout(left, TimeUnit.NANOSECONDS);
        limited.whenComplete((response, error) -> {
            if (error != null) {
                sent.cancel(true);
            }
        });
        return limited;
    }
}
