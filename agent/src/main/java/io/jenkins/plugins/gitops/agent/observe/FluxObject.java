package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.flux.FluxRevision;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The parts of a Kustomization or HelmRelease that its status is derived from; the rest of the object is not kept.
 *
 * @param current whether its status belongs to its current spec
 * @param path the folder that it applies, without leading {@code ./}
 * @param source its source
 * @param applied the last revision that was completely applied and found healthy, 40 hex digits; null if there is none
 * @param attempted the last attempted revision, 40 hex digits; null if there is none, or its commit is unknown
 * @param settled whether the last attempted revision is the last applied one
 * @param tries the attempts for the newest rendering
 * @param requestedAt the newest request to reconcile it, as written; null if there was none
 * @param handledAt the newest request that was handled; null if there is none
 * @param inventory the applied objects that have pods, and HelmReleases
 * @param overrides what its spec sets in precedence over Git
 */
public record FluxObject(
        FluxRef ref,
        boolean current,
        boolean suspended,
        boolean deleting,
        String path,
        FluxRef source,
        List<FluxRef> dependsOn,
        FluxCondition ready,
        FluxCondition healthy,
        FluxCondition reconciling,
        FluxCondition stalled,
        @CheckForNull String applied,
        @CheckForNull String attempted,
        boolean settled,
        AttemptHistory tries,
        FluxIntervals timing,
        @CheckForNull String requestedAt,
        @CheckForNull String handledAt,
        List<WorkloadKey> inventory,
        List<LiveOverride> overrides) {
    /** The maximum number of objects of an inventory to read. */
    static final int MAX_INVENTORY = 2000;

    /**
     * The newest entry of the object's history.
     *
     * @param status the reason of the last attempt; empty if there is no history
     * @param revision 40 hex digits; null if there is none
     * @param count the number of attempts for this rendering
     */
    public record AttemptHistory(
            String status,
            @CheckForNull String revision,
            int count,
            @CheckForNull Instant first,
            @CheckForNull Instant last) {
        static AttemptHistory of(Map<String, Object> object) {
            List<Object> history = JsonTree.list(object, "status", "history");
            Object newest = history.isEmpty() ? Map.of() : history.get(0);
            return new AttemptHistory(
                    JsonTree.textOr("", newest, "lastReconciledStatus"),
                    FluxObject.commit(
                            JsonTree.text(newest, "metadata", "originRevision"),
                            JsonTree.text(newest, "metadata", "revision")),
                    (int) JsonTree.numberOr(0, newest, "totalReconciliations"),
                    FluxCondition.instant(JsonTree.text(newest, "firstReconciled")),
                    FluxCondition.instant(JsonTree.text(newest, "lastReconciled")));
        }
    }

    /** Reads an object in the API server's format. */
    public static FluxObject of(Map<String, Object> object) {
        FluxRef ref = FluxRef.of(object);
        Map<String, Object> status = JsonTree.map(object, "status");
        String origin = JsonTree.text(status, "lastAppliedOriginRevision");
        String applied = commit(origin, JsonTree.text(status, "lastAppliedRevision"));
        String tried = JsonTree.text(status, "lastAttemptedRevision");
        boolean settled =
                applied != null && (tried == null || tried.equals(JsonTree.text(status, "lastAppliedRevision")));
        return new FluxObject(
                ref,
                JsonTree.numberOr(-1, status, "observedGeneration")
                        == JsonTree.numberOr(0, object, "metadata", "generation"),
                JsonTree.isTrue(object, "spec", "suspend"),
                JsonTree.text(object, "metadata", "deletionTimestamp") != null,
                StatusTopic.folder(JsonTree.textOr("", object, "spec", "path")),
                source(object, ref.namespace()),
                dependsOn(object, ref),
                FluxCondition.of(object, "Ready"),
                FluxCondition.of(object, "Healthy"),
                FluxCondition.of(object, "Reconciling"),
                FluxCondition.of(object, "Stalled"),
                applied,
                settled ? applied : FluxRevision.commit(tried),
                settled,
                AttemptHistory.of(object),
                FluxIntervals.of(object),
                JsonTree.text(object, "metadata", "annotations", FluxSource.REQUESTED_AT),
                JsonTree.text(status, "lastHandledReconcileAt"),
                inventory(status),
                FluxOverrides.of(object));
    }

    /** The Git revision that an artifact was built from takes precedence over its own. */
    @CheckForNull
    private static String commit(@CheckForNull String origin, @CheckForNull String own) {
        String commit = FluxRevision.commit(origin);
        return commit == null ? FluxRevision.commit(own) : commit;
    }

    private static FluxRef source(Map<String, Object> object, String namespace) {
        Map<String, Object> ref = JsonTree.map(object, "spec", "sourceRef");
        return new FluxRef(
                JsonTree.textOr("", ref, "kind"),
                JsonTree.textOr(namespace, ref, "namespace"),
                JsonTree.textOr("", ref, "name"));
    }

    private static List<FluxRef> dependsOn(Map<String, Object> object, FluxRef ref) {
        return JsonTree.list(object, "spec", "dependsOn").stream()
                .map(d -> new FluxRef(
                        ref.kind(), JsonTree.textOr(ref.namespace(), d, "namespace"), JsonTree.textOr("", d, "name")))
                .toList();
    }

    private static List<WorkloadKey> inventory(Map<String, Object> status) {
        List<WorkloadKey> keys = new ArrayList<>();
        JsonTree.list(status, "inventory", "entries").stream()
                .limit(MAX_INVENTORY)
                .map(entry -> WorkloadKey.ofInventory(JsonTree.text(entry, "id")))
                .filter(Objects::nonNull)
                .filter(key -> Workload.isKnownKind(key.group(), key.kind()) || key.isHelmRelease())
                .forEach(keys::add);
        return List.copyOf(keys);
    }

    /** Whether an attempt is running, and not only scheduled. */
    boolean isReconciling() {
        return reconciling.isTrue() && !reconciling.reason().equals("ProgressingWithRetry");
    }
}
