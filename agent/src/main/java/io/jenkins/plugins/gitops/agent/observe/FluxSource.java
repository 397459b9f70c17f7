package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.flux.FluxRevision;
import java.time.Instant;
import java.util.Map;

/**
 * The parts of a Flux source that a status is derived from.
 *
 * @param url the Git repository; for an OCI artifact the repository that it was built from. Null if there is none
 * @param branch the branch, tag or commit that it follows; null if its spec has none
 * @param revision commit of the stored artifact, 40 hex digits; null if there is none
 * @param problem why nothing newer can be fetched, one line; null if it can
 * @param since when the problem started
 * @param ignores {@code spec.ignore}, which excludes files; null if there is none
 * @param requestedAt the newest request to reconcile it; null if there was none
 */
public record FluxSource(
        FluxRef ref,
        @CheckForNull String url,
        @CheckForNull String branch,
        boolean suspended,
        @CheckForNull String revision,
        @CheckForNull String problem,
        @CheckForNull Instant since,
        @CheckForNull String ignores,
        @CheckForNull String requestedAt) {
    static final String REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";

    /** Reads a GitRepository, OCIRepository or Bucket in the API server's format. */
    public static FluxSource of(Map<String, Object> object) {
        FluxRef ref = FluxRef.of(object);
        boolean git = ref.kind().equals("GitRepository");
        Map<String, Object> artifact = JsonTree.map(object, "status", "artifact");
        String origin = JsonTree.text(artifact, "metadata", "org.opencontainers.image.revision");
        FluxCondition failed = FluxCondition.of(object, "FetchFailed");
        FluxCondition ready = FluxCondition.of(object, "Ready");
        FluxCondition problem = failed.isTrue() ? failed : ready.isFalse() ? ready : null;
        return new FluxSource(
                ref,
                git
                        ? JsonTree.text(object, "spec", "url")
                        : JsonTree.text(artifact, "metadata", "org.opencontainers.image.source"),
                git ? follows(JsonTree.map(object, "spec", "ref")) : null,
                JsonTree.isTrue(object, "spec", "suspend"),
                FluxRevision.commit(git ? JsonTree.text(artifact, "revision") : origin),
                problem == null ? null : problem.message(),
                problem == null ? null : problem.since(),
                JsonTree.text(object, "spec", "ignore"),
                JsonTree.text(object, "metadata", "annotations", REQUESTED_AT));
    }

    /** In Flux's order of precedence; {@code master} is its default. */
    private static String follows(Map<String, Object> ref) {
        for (String field : new String[] {"commit", "name", "semver", "tag", "branch"}) {
            String text = JsonTree.text(ref, field);
            if (text != null && !text.isEmpty()) {
                return text.startsWith("refs/heads/") ? text.substring("refs/heads/".length()) : text;
            }
        }
        return "master";
    }
}
