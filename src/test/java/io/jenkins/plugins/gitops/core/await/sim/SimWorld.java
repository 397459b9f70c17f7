package io.jenkins.plugins.gitops.core.await.sim;

import io.jenkins.plugins.gitops.core.await.sim.SimGit.Commit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Git, a cluster, the agent that syncs it, and random changes to all of them until the world calms down. */
public final class SimWorld {
    final SimTime time;
    final SimGit git = new SimGit();
    final SimCluster cluster;
    /** Commits whose sync was given up, or that could not be rendered; a failed verdict needs one of them. */
    final List<Commit> givenUp = new ArrayList<>();

    final Commit mine;
    final boolean healthy;
    final int stableSeconds;
    boolean calm;
    boolean manual;
    boolean gitAway;
    private final boolean refusing;
    private final boolean sick;
    private final SimSource source;
    private final SimController controller;

    /**
     * Creates a world.
     *
     * @param argo whether Argo CD syncs and is polled; otherwise an agent of this project syncs and reports
     */
    public SimWorld(long seed, boolean argo) {
        time = new SimTime(seed);
        Commit first = git.push(null, 1, 1, false);
        cluster = new SimCluster(time, first, time.chance(10));
        healthy = !time.chance(20);
        stableSeconds = time.chance(30) ? time.between(1, 20) : 0;
        manual = time.chance(15);
        refusing = time.chance(10);
        sick = time.chance(10);
        controller = new SimController(this);
        SimSource synced = argo ? new SimArgoCd(this) : new SimAgent(this);
        source = synced;
        controller.listensTo(synced);
        time.runUntil(time.between(5000, 9000));
        boolean identical = time.chance(10);
        mine = git.push(identical ? 1 : 2, identical || time.chance(70) ? 1 : 2, time.chance(5));
        source.pushed();
    }

    /** The result of one attempt of a sync. */
    enum Try {
        GOOD,
        PARTLY,
        REFUSED
    }

    SimController controller() {
        return controller;
    }

    Try attempt() {
        if (calm) {
            return refusing ? Try.REFUSED : Try.GOOD;
        }
        return time.chance(75) ? Try.GOOD : time.chance(50) ? Try.PARTLY : Try.REFUSED;
    }

    /**
     * Runs the whole simulation.
     *
     * @throws AssertionError if a final verdict of Jenkins is wrong
     */
    public SimController run() {
        int troubled = time.between(8_000, 40_000);
        long begin = time.now();
        for (int i = time.between(2, 9); i > 0; i--) {
            time.in(0, troubled, this::trouble);
        }
        Instant since = SimTime.instant(begin);
        time.in(0, 5000, () -> controller.beginWait(since));
        BooleanSupplier over = () -> controller.end() != null;
        time.runUntil(begin + troubled, over);
        if (over.getAsBoolean()) {
            return controller;
        }
        calmDown();
        // Long enough for three retries, a rollout, the detection of a stale agent and the longest stability window,
        // twice.
        time.runUntil(time.now() + 240_000, over);
        return controller;
    }

    private void calmDown() {
        calm = true;
        manual = false;
        gitAway = false;
        cluster.override(null);
        cluster.settleOn(sick);
        controller.calmDown();
        source.pushed();
        if (git.tip().broken() && time.chance(70)) {
            push(git.tip(), git.tip().value(), git.tip().rest(), false);
        }
        // A person requests the sync that automation gave up, which ends in either case.
        time.in(5000, 6000, () -> source.request(git.tip(), false));
    }

    private void trouble() {
        Commit tip = git.tip();
        switch (time.between(0, 19)) {
            case 0 -> push(tip, tip.value() + 1, tip.rest(), false);
            case 1 -> push(tip, tip.value(), tip.rest(), tip.broken());
            case 2 -> push(tip, tip.value(), tip.rest() + 1, tip.broken());
            case 3 -> push(tip, mine.parent().value(), mine.parent().rest(), false);
            case 4 -> push(mine.parent(), time.between(1, 3), 1, false);
            case 5 -> {
                git.reset(time.chance(50) ? mine : mine.parent());
                source.pushed();
            }
            case 6 -> push(tip, 0, 0, false);
            case 7 -> push(tip, mine.value(), mine.rest(), false);
            case 8 -> push(tip, tip.value(), tip.rest(), true);
            case 9 -> cluster.drift();
            case 10 -> cluster.hiccup();
            case 11 -> source.request(tip, time.chance(50));
            case 12 -> source.request(mine.parent(), false);
            case 13 -> source.restart();
            case 14 -> controller.restart();
            case 15 -> controller.stepClock();
            case 16 -> manual = !manual;
            case 17 -> cluster.override(time.between(100, 103));
            case 18 -> cluster.override(null);
            default -> outage();
        }
    }

    private void outage() {
        gitAway = true;
        time.in(1000, 40_000, () -> {
            gitAway = false;
            source.pushed();
        });
    }

    private void push(Commit parent, int value, int rest, boolean broken) {
        git.push(parent, value, rest, broken);
        source.pushed();
        controller.pushed();
    }
}
