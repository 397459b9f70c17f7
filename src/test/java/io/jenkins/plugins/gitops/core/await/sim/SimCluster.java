package io.jenkins.plugins.gitops.core.await.sim;

import io.jenkins.plugins.gitops.core.await.sim.SimGit.Commit;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.util.ArrayList;
import java.util.List;

/** The present and past live state of the cluster: the truth that every verdict is checked against. */
public final class SimCluster {
    private final SimTime time;
    private final List<RunningState> history = new ArrayList<>();
    private final List<Sync> syncs = new ArrayList<>();
    private final List<Runnable> watchers = new ArrayList<>();
    private int rollout;
    /** Whether further rollouts never become healthy; null if not decided yet. */
    private Boolean sick;
    /** The image that the agent's own object sets instead of the one in Git; null if none. */
    private Integer override;
    /** Whether the agent reports objects as healthy as soon as they are applied. */
    private final boolean unchecked;

    SimCluster(SimTime time, Commit first, boolean unchecked) {
        this.time = time;
        this.unchecked = unchecked;
        history.add(new RunningState(0, first.value(), first.rest(), Health.HEALTHY, first.value(), true));
    }

    /**
     * The live state since a time.
     *
     * @param value as an agent compares it with Git
     * @param health as reported by the agent
     * @param image of the pod template
     * @param ready whether all pods run the image
     */
    record RunningState(long from, int value, int rest, Health health, int image, boolean ready) {
        boolean is(Commit commit) {
            return value == commit.value() && rest == commit.rest();
        }
    }

    /**
     * A sync, from its request or beginning to the end of its last attempt; {@code to} is {@link Long#MAX_VALUE} while
     * it is running.
     */
    static final class Sync {
        final long from;
        long to = Long.MAX_VALUE;

        Sync(long from) {
            this.from = from;
        }
    }

    RunningState state() {
        return history.get(history.size() - 1);
    }

    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    Sync beginSync() {
        Sync sync = new Sync(time.now());
        syncs.add(sync);
        return sync;
    }

    void settleOn(boolean sickness) {
        sick = sickness;
        if ((state().health() != Health.HEALTHY || !state().ready()) && state().value() != 0) {
            rollOut();
        } else if (sickness && state().value() != 0) {
            change(state().value(), state().rest(), Health.DEGRADED, false);
        }
    }

    /** Sets an image in the agent's own object, as a person may do; null removes it. */
    void override(Integer image) {
        override = image;
        if (state().value() != 0 && imageOf(state().value()) != state().image()) {
            rollTo(state().value(), state().rest());
        }
    }

    boolean isOverridden() {
        return override != null;
    }

    private int imageOf(int value) {
        return override == null || value == 0 ? value : override;
    }

    private void rollTo(int value, int rest) {
        change(value, rest, unchecked ? Health.HEALTHY : Health.PROGRESSING, false);
        rollOut();
    }

    /** Returns the image as written in a report. */
    static String image(int value) {
        return "registry.example.com/payments-api:v" + value;
    }

    /** Applies both resources, or only the one that is not the workload. */
    void apply(Commit commit, boolean whole) {
        RunningState before = state();
        int value = whole ? commit.value() : before.value();
        if (value == before.value() && imageOf(value) == before.image()) {
            change(value, commit.rest(), before.health(), before.ready());
        } else {
            rollTo(value, commit.rest());
        }
    }

    void prune() {
        rollout++;
        change(0, 0, Health.HEALTHY, true);
    }

    /** Changes the cluster manually. */
    void drift() {
        RunningState before = state();
        if (time.chance(50)) {
            change(before.value(), before.rest() + 100, before.health(), before.ready());
        } else if (before.value() != 0) {
            rollTo(before.value() + 100, before.rest());
        }
    }

    /** Restarts the pods. */
    void hiccup() {
        RunningState before = state();
        if (before.value() != 0) {
            change(before.value(), before.rest(), time.chance(60) ? Health.PROGRESSING : Health.DEGRADED, false);
            rollOut();
        }
    }

    private void rollOut() {
        int mine = ++rollout;
        time.in(100, 6000, () -> {
            if (mine == rollout) {
                RunningState before = state();
                boolean fails = sick == null ? time.chance(10) : sick;
                Health health = fails && !unchecked ? Health.DEGRADED : Health.HEALTHY;
                change(before.value(), before.rest(), health, !fails);
            }
        });
    }

    private void change(int value, int rest, Health health, boolean ready) {
        RunningState next = new RunningState(time.now(), value, rest, health, imageOf(value), ready);
        RunningState before = state();
        if (before.value() != value
                || before.rest() != rest
                || before.health() != health
                || before.image() != next.image()
                || before.ready() != ready) {
            history.add(next);
            watchers.forEach(Runnable::run);
        }
    }

    /** Returns the visible state other than health. */
    Details details() {
        RunningState now = state();
        RunningImage running = new RunningImage(
                image(now.image()), "Deployment ns/payments-api", now.ready(), now.ready() ? null : "1 of 3 updated");
        return new Details(
                "main",
                null,
                null,
                now.value() == 0 ? List.of() : List.of(running),
                override == null
                        ? List.of()
                        : List.of(new Report.LiveOverride("spec.source.kustomize.images", image(override))));
    }

    /** Returns the health as of an earlier time, for a controller that does not report the observed generation. */
    Health lateHealth(long by) {
        RunningState now = state();
        if (by == 0 || now.health() != Health.PROGRESSING || time.now() - now.from() >= by || history.size() < 2) {
            return now.health();
        }
        return history.get(history.size() - 2).health();
    }

    /** Whether a commit ran with its image at a time, and, if required, was healthy with ready pods. */
    boolean ran(Commit commit, boolean healthy, long at) {
        return ran(commit, healthy, at, at);
    }

    /** Whether it did at any time in a period. */
    boolean ran(Commit commit, boolean healthy, long from, long to) {
        for (int i = 0; i < history.size(); i++) {
            RunningState state = history.get(i);
            long until = i + 1 < history.size() ? history.get(i + 1).from() : Long.MAX_VALUE;
            boolean meets = state.from() <= to && until > from;
            boolean well = state.health() == Health.HEALTHY && state.ready();
            if (meets && state.is(commit) && state.image() == commit.value() && (!healthy || well)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the value was ever Degraded. */
    boolean wasDegraded(int value) {
        return history.stream()
                .anyMatch(s -> s.value() == value && s.image() == value && s.health() == Health.DEGRADED);
    }

    /** Whether a sync was running or requested at a time, excluding its beginning and end. */
    boolean wasSyncing(long at) {
        return syncs.stream().anyMatch(s -> s.from < at && at < s.to);
    }

    /** Returns when the last sync before a time ended; 0 if none did. */
    long lastSyncEnd(long before) {
        return syncs.stream()
                .mapToLong(s -> s.to)
                .filter(to -> to <= before)
                .max()
                .orElse(0);
    }
}
