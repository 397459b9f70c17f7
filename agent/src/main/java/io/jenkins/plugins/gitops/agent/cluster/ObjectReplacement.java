package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Deletes an object whose update the API server rejects, so that it can be recreated from Git. */
final class ObjectReplacement {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long POLL_MILLIS = 200;
    /** Deleting these would lose data or objects of others. */
    private static final String[] NEVER_REPLACED = {
        "Namespace", "PersistentVolume", "PersistentVolumeClaim", "apiextensions.k8s.io/CustomResourceDefinition"
    };
    /** Its pods and claims are kept and adopted by the new one. */
    private static final String STATEFUL_SET = "apps/StatefulSet";

    private final ClusterApi api;

    ObjectReplacement(ClusterApi api) {
        this.api = api;
    }

    /**
     * Whether the object of an {@link Difference#IMMUTABLE} state is replaced: Git requests it, and the agent owns it.
     */
    static boolean isAllowed(ResourceState state) {
        return state.difference() == Difference.IMMUTABLE
                && state.live() != null
                && state.desired().options().replace()
                && !state.id().kind().isOneOf(NEVER_REPLACED);
    }

    /** The server's message with the remedy. */
    static String message(ResourceState state, String refusal) {
        String what = TextSanitizer.middle(refusal, SyncFailures.MAX_LENGTH);
        if (isAllowed(state)) {
            return what;
        }
        if (state.id().kind().isOneOf(NEVER_REPLACED)) {
            return what + "; change it back in Git. It is never replaced, because that would delete its data";
        }
        if (state.live() == null) {
            return what + "; change it back in Git, or delete the object, which no Application has applied so far";
        }
        return what + "; change it back in Git, or annotate the resource with " + ResourceOptions.ANNOTATION
                + ": Replace=true to have it deleted and created again";
    }

    /**
     * Deletes exactly the objects that were compared, and waits until they are gone, with one timeout for all of them.
     *
     * @param propagation what happens to dependents; those of a StatefulSet are kept
     * @param failed receives the objects whose deletion is rejected or takes too long
     * @return the deleted objects
     */
    List<ResourceState> delete(
            List<ResourceState> states, String propagation, BiConsumer<ResourceState, ClusterException> failed) {
        List<ResourceState> left = new ArrayList<>();
        for (ResourceState state : states) {
            try {
                request(state, propagation);
                left.add(state);
            } catch (ClusterException e) {
                failed.accept(state, e);
            }
        }
        long end = System.nanoTime() + TIMEOUT.toNanos();
        List<ResourceState> gone = new ArrayList<>();
        for (ResourceState state : left) {
            try {
                awaitGone(state, end);
                gone.add(state);
            } catch (ClusterException e) {
                failed.accept(state, e);
            }
        }
        return gone;
    }

    private void request(ResourceState state, String propagation) throws ClusterException {
        if (state.live().deleting()) {
            return;
        }
        try {
            String policy = state.id().kind().isOneOf(STATEFUL_SET) ? "orphan" : propagation;
            ClusterApi.await(api.delete(state.id(), state.live().uid(), policy));
        } catch (ClusterException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private void awaitGone(ResourceState state, long end) throws ClusterException {
        String uid = state.live().uid();
        try {
            Map<String, Object> live = api.get(state.id());
            while (uid.equals(JsonTree.text(live, "metadata", "uid"))) {
                if (System.nanoTime() > end) {
                    throw new ClusterException(
                            409,
                            null,
                            "is still being deleted, finalizers "
                                    + JsonTree.list(live, "metadata", "finalizers")
                                    + "; it is created again after that",
                            List.of());
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                live = api.get(state.id());
            }
        } catch (ClusterException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClusterException.unreachable(e);
        }
    }
}
