package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.agent.health.ResourceHealth;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.ownership.FieldOwners;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of an object in the cluster that decisions need; its content is not kept.
 *
 * @param version resource version, which increases with every write
 * @param tracking the application that manages it; null if there is none
 * @param owned whether another object owns it, and determines its lifetime
 * @param fingerprint of everything except status and bookkeeping: equal for equal contents. If only metadata is known,
 *     a fingerprint of the resource version
 * @param owners name of the field manager if a single one applied the object; otherwise a hash of all managers and
 *     their fields
 * @param unhealthyObject the object itself while it is not healthy, to find the reason; null otherwise
 * @param options sync options from its annotations
 * @param completed the template that it completed; null unless it is a completed Job with a TTL
 * @param workload the images that it runs; null for an object without pods of its own
 */
public record LiveObject(
        ObjectId id,
        String uid,
        long version,
        @CheckForNull TrackingAnnotation tracking,
        boolean owned,
        boolean deleting,
        String fingerprint,
        String owners,
        HealthStatus assessment,
        @CheckForNull Map<String, Object> unhealthyObject,
        ResourceOptions options,
        @CheckForNull String completed,
        @CheckForNull Workload workload) {

    private static final int HASH_DIGITS = 32;
    private static final List<String> BOOKKEEPING =
            List.of("resourceVersion", "managedFields", "generation", "uid", "creationTimestamp", "selfLink");

    /** The application that manages it; null if there is none. */
    @CheckForNull
    String application() {
        return tracking == null ? null : tracking.application();
    }

    /** Reads an object in the API server's format. */
    public static LiveObject of(ResourceKind kind, Map<String, Object> object) {
        ObjectId id = ObjectId.of(kind, object);
        HealthStatus healthStatus = ResourceHealth.of(object, List.of());
        boolean unwell = healthStatus.health() != null && healthStatus.health() != Health.HEALTHY;
        return new LiveObject(
                id,
                JsonTree.textOr("", object, "metadata", "uid"),
                version(object),
                TrackingAnnotation.of(object, id),
                !JsonTree.list(object, "metadata", "ownerReferences").isEmpty(),
                JsonTree.text(object, "metadata", "deletionTimestamp") != null,
                fingerprint(object),
                owners(object),
                healthStatus,
                unwell ? object : null,
                ResourceOptions.of(JsonTree.map(object, "metadata", "annotations")),
                JobCompletion.completed(object),
                hasPods(object) ? Workload.read(JsonTree.node(object)).orElse(null) : null);
    }

    /**
     * Reads an object of which only the metadata is known. Its fingerprint identifies this resource version, so it
     * changes with each write.
     */
    static LiveObject ofMetadata(ResourceKind kind, Map<String, Object> object) {
        ObjectId id = ObjectId.of(kind, object);
        TrackingAnnotation trackingAnnotation = TrackingAnnotation.of(object, id);
        long version = version(object);
        return new LiveObject(
                id,
                JsonTree.textOr("", object, "metadata", "uid"),
                version,
                trackingAnnotation,
                !JsonTree.list(object, "metadata", "ownerReferences").isEmpty(),
                JsonTree.text(object, "metadata", "deletionTimestamp") != null,
                "version " + version,
                owners(object),
                trackingAnnotation == null ? HealthStatus.NONE : ResourceHealth.of(object, List.of()),
                null,
                ResourceOptions.of(JsonTree.map(object, "metadata", "annotations")),
                null,
                null);
    }

    /** Returns a copy with another workload. */
    LiveObject withWorkload(Workload other) {
        return new LiveObject(
                id,
                uid,
                version,
                tracking,
                owned,
                deleting,
                fingerprint,
                owners,
                assessment,
                unhealthyObject,
                options,
                completed,
                other);
    }

    private static String owners(Map<String, Object> object) {
        return FieldOwners.onlyApplier(object).orElseGet(() -> hash(FieldOwners.describe(object)));
    }

    /** Whether an object is tracked to an application; its metadata is sufficient. */
    static boolean isTracked(ResourceKind kind, Map<String, Object> object) {
        return TrackingAnnotation.of(object, ObjectId.of(kind, object)) != null;
    }

    /** Avoids a second conversion of most kinds, which have no pods. */
    private static boolean hasPods(Map<String, Object> object) {
        return !JsonTree.list(object, "spec", "containers").isEmpty()
                || JsonTree.at(object, "spec", "template") != null
                || JsonTree.at(object, "spec", "jobTemplate") != null;
    }

    /** The number in every existing API server; anything else counts as old. */
    static long version(Map<String, Object> object) {
        try {
            return Long.parseLong(JsonTree.textOr("0", object, "metadata", "resourceVersion"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** A hash of everything except status and bookkeeping. */
    static String fingerprint(Map<String, Object> object) {
        Map<String, Object> content = new LinkedHashMap<>(object);
        content.remove("status");
        Map<String, Object> metadata = new LinkedHashMap<>(JsonTree.map(object, "metadata"));
        metadata.keySet().removeAll(BOOKKEEPING);
        content.put("metadata", metadata);
        return hash(JsonTree.canonical(content));
    }

    /** The first 32 hex digits of the SHA-256 digest. */
    static String hash(String text) {
        return Sha256.hex(text).substring(0, HASH_DIGITS);
    }
}
