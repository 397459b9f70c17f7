package io.jenkins.plugins.gitops.agent.embedded;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Simulates the rollouts of Deployments: pods are replaced one after another, until all have the newest template. Pods
 * whose image tag contains {@code broken} or {@code bad} never start, and the Deployment exceeds its progress deadline.
 * Runs step by step on one thread; a completed Deployment costs nothing.
 */
final class DeploymentController {
    private static final String GROUP = "apps";
    private static final String PLURAL = "deployments";
    private static final long DEFAULT_DEADLINE_SECONDS = 600;

    private final ObjectStore store;
    private final ScheduledExecutorService thread;
    private final Duration step;
    /** Deployments whose next step is due or scheduled. Guarded by this. */
    private final Set<ObjectKey> waiting = new HashSet<>();
    /** Accessed only by the controller's thread. */
    private final Map<ObjectKey, RolloutProgress> progress = new HashMap<>();

    /** The progress of a rollout, and when it was reached, in nanoseconds. */
    private record RolloutProgress(String template, int ready, int updated, long since) {}

    /**
     * Creates a controller.
     *
     * @param step the time between two steps of a rollout
     */
    DeploymentController(ObjectStore store, ScheduledExecutorService thread, Duration step) {
        this.store = store;
        this.thread = thread;
        this.step = step;
    }

    /** Called for each event, under the store's monitor. */
    void observe(ObjectStore.StoreEvent event) {
        if (event.key().isOf(GROUP, PLURAL)) {
            boolean same = event.before() != null
                    && event.after() != null
                    && JsonTree.same(event.before().get("spec"), event.after().get("spec"));
            if (!same) {
                schedule(event.key(), step.toMillis() / 4);
            }
        } else if (event.key().isOf("", "pods") && event.after() == null) {
            for (Object owner : JsonTree.list(event.before(), "metadata", "ownerReferences")) {
                schedule(
                        new ObjectKey(GROUP, PLURAL, event.key().namespace(), JsonTree.textOr("", owner, "name")),
                        step.toMillis());
            }
        }
    }

    private void schedule(ObjectKey key, long millis) {
        synchronized (this) {
            if (!waiting.add(key)) {
                return;
            }
        }
        try {
            thread.schedule(() -> work(key), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                waiting.remove(key); // The cluster is being closed.
            }
        }
    }

    private void work(ObjectKey key) {
        synchronized (this) {
            waiting.remove(key);
        }
        synchronized (store) {
            Map<String, Object> deployment = store.get(key);
            if (deployment == null) {
                progress.remove(key);
                return;
            }
            long next = step(key, deployment);
            if (next >= 0) {
                schedule(key, next);
            }
        }
    }

    /** Takes one step. Returns the milliseconds until the next one, or -1 if there is nothing to wait for. */
    private long step(ObjectKey key, Map<String, Object> deployment) {
        SimulatedPods pods = new SimulatedPods(store, key, deployment);
        boolean paused = JsonTree.isTrue(deployment, "spec", "paused");
        boolean moved = !paused && pods.move();
        RolloutProgress now = noted(key, pods);
        long deadline = JsonTree.numberOr(DEFAULT_DEADLINE_SECONDS, deployment, "spec", "progressDeadlineSeconds");
        long left = TimeUnit.SECONDS.toNanos(deadline) - (System.nanoTime() - now.since());
        boolean complete = pods.isComplete();
        DeploymentStatus.write(
                store,
                key,
                pods,
                complete ? RolloutOutcome.COMPLETE : left > 0 ? RolloutOutcome.MOVING : RolloutOutcome.STUCK);
        if (moved) {
            return Math.max(1, Math.min(step.toMillis(), 6 * step.toMillis() / Math.max(1, pods.desired())));
        }
        boolean waitsForDeadline = !complete && !paused && left > 0;
        return waitsForDeadline ? TimeUnit.NANOSECONDS.toMillis(left) + 1 : -1;
    }

    /** The state of a rollout. */
    enum RolloutOutcome {
        MOVING,
        COMPLETE,
        STUCK
    }

    private RolloutProgress noted(ObjectKey key, SimulatedPods pods) {
        RolloutProgress last = progress.get(key);
        RolloutProgress now = new RolloutProgress(pods.template(), pods.ready(), pods.updated(), System.nanoTime());
        boolean same = last != null
                && last.template().equals(now.template())
                && last.ready() == now.ready()
                && last.updated() == now.updated();
        progress.put(key, same ? last : now);
        return same ? last : now;
    }
}
