package io.jenkins.plugins.gitops.agent.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.BoundedMap;
import io.jenkins.plugins.gitops.core.workload.PodDigests;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds which digests the pods of ready workloads run. Pods are not watched, since a cluster has many: they are listed in the
 * background once for each version of a workload, one workload at a time with pauses, to limit the load. Thread-safe.
 */
public final class PodDigestReader {
    private static final Logger LOGGER = Logger.getLogger(PodDigestReader.class.getName());
    /** Longer than the pause, since a workload is still updated a few times after it becomes ready. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int MAX_WORKLOADS = 50_000;

    private final ClusterApi api;
    private final ScheduledExecutorService executor;
    private final Consumer<LiveObject> changed;
    private final Map<ObjectId.Key, PodAnswer> answers = BoundedMap.byAccess(MAX_WORKLOADS);
    private final Map<ObjectId.Key, PodQuery> pending = BoundedMap.byInsertion(MAX_WORKLOADS);
    /** Null if no request is pending. */
    private PodQuery reading;

    private boolean busy;

    private record PodQuery(LiveObject live, String namespace, Workload workload) {}

    /**
     * The digests that the pods of a workload run.
     *
     * @param version the version of the workload for which they were listed
     */
    private record PodAnswer(String uid, String fingerprint, long version, Map<String, List<String>> digests) {
        static PodAnswer of(LiveObject live, Map<String, List<String>> digests) {
            return new PodAnswer(live.uid(), live.fingerprint(), live.version(), digests);
        }

        /** Whether the template is the same; the pods may be others. */
        boolean isOf(LiveObject live) {
            return uid.equals(live.uid()) && fingerprint.equals(live.fingerprint());
        }
    }

    /**
     * @param executor runs short tasks that do not block
     * @param changed called with a workload whose pods run other digests than known before; must not block
     */
    public PodDigestReader(ClusterApi api, ScheduledExecutorService executor, Consumer<LiveObject> changed) {
        this.api = api;
        this.executor = executor;
        this.changed = changed;
    }

    /** Returns the object with the known digests of its pods, and lists the pods later if they may have changed. */
    public LiveObject withDigests(LiveObject live) {
        Workload workload = live.workload();
        String namespace = live.id().namespace();
        if (workload == null || namespace == null || live.deleting() || !workload.hasUnknownDigests()) {
            return live;
        }
        synchronized (answers) {
            PodAnswer answer = answers.get(live.id().key());
            if ((answer == null || !answer.isOf(live) || answer.version() != live.version()) && !isReading(live)) {
                pending.put(live.id().key(), new PodQuery(live, namespace, workload));
                begin();
            }
            return answer == null || !answer.isOf(live)
                    ? live
                    : live.withWorkload(workload.withDigests(answer.digests()));
        }
    }

    /** Adds the digests to all live objects of a comparison. */
    Comparison withDigests(Comparison comparison) {
        return new Comparison(
                comparison.resources().stream()
                        .map(r -> r.live() == null ? r : r.withLive(withDigests(r.live())))
                        .toList(),
                comparison.warnings());
    }

    private boolean isReading(LiveObject live) {
        return reading != null
                && reading.live().version() == live.version()
                && reading.live().id().key().equals(live.id().key());
    }

    private void begin() {
        if (!busy) {
            busy = schedule(FIRST);
        }
    }

    private boolean schedule(Duration delay) {
        try {
            executor.schedule(this::readNext, delay.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Pods are no longer read: the agent stops");
            return false;
        }
    }

    private void readNext() {
        PodQuery query = next();
        if (query == null) {
            return;
        }
        CompletableFuture.completedFuture(query)
                .thenCompose(q -> api.requestPods(q.namespace(), q.workload().selector()))
                .whenComplete((pods, error) -> {
                    try {
                        accept(query, pods, error);
                    } finally {
                        synchronized (answers) {
                            reading = null;
                            busy = schedule(PAUSE);
                        }
                    }
                });
    }

    @CheckForNull
    private PodQuery next() {
        synchronized (answers) {
            Iterator<PodQuery> first = pending.values().iterator();
            if (!first.hasNext()) {
                busy = false;
                return null;
            }
            PodQuery query = first.next();
            first.remove();
            reading = query;
            return query;
        }
    }

    private void accept(PodQuery query, @CheckForNull List<Map<String, Object>> pods, @CheckForNull Throwable error) {
        LiveObject live = query.live();
        if (pods == null) {
            Throwable cause = error instanceof CompletionException ? error.getCause() : error;
            LOGGER.log(Level.FINE, cause, () -> "The pods of " + live.id() + " cannot be read");
            if (cause instanceof ClusterException refused && !refused.isOutage()) {
                remember(live, Map.of());
            }
            return;
        }
        List<JsonNode> nodes = pods.stream().map(JsonTree::node).toList();
        if (remember(live, PodDigests.of(nodes, query.workload().images()))) {
            changed.accept(live);
        }
    }

    /** Returns whether the digests differ from those known before. */
    private boolean remember(LiveObject live, Map<String, List<String>> digests) {
        synchronized (answers) {
            PodAnswer before = answers.put(live.id().key(), PodAnswer.of(live, digests));
            return !digests.equals(before == null || !before.isOf(live) ? Map.of() : before.digests());
        }
    }
}
