package io.jenkins.plugins.gitops.agent.cluster;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Which requests may be sent to the API server. */
public enum RequestPolicy {
    READ_WRITE {
        @Override
        boolean allows(String method, URI uri) {
            return true;
        }
    },

    /** Only requests that change nothing: reads, watches, and dry runs of writes. */
    READ_ONLY {
        @Override
        boolean allows(String method, URI uri) {
            return READS.contains(method) || DRY_RUNS.contains(method) && isDryRun(uri);
        }
    };

    private static final Set<String> READS = Set.of("GET", "HEAD");
    /** Without DELETE: if a deletion has a body, the API server ignores its query. */
    private static final Set<String> DRY_RUNS = Set.of("POST", "PUT", "PATCH");

    private static final String DRY_RUN = "dryRun=";
    private static final String ALL = "dryRun=All";

    /**
     * Whether a request may be sent.
     *
     * @param method the HTTP method, in upper case
     */
    abstract boolean allows(String method, URI uri);

    /** {@code All} is the only value that the API server accepts. */
    private static boolean isDryRun(URI uri) {
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        List<String> values = Arrays.stream(query.split("&"))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .filter(part -> part.startsWith(DRY_RUN))
                .toList();
        return !values.isEmpty() && values.stream().allMatch(ALL::equals);
    }
}
