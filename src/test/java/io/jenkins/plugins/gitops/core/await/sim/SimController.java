package io.jenkins.plugins.gitops.core.await.sim;

import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.StabilityWindow;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.await.sim.SimGit.Clone;
import io.jenkins.plugins.gitops.core.await.sim.SimGit.Commit;
import io.jenkins.plugins.gitops.core.await.sim.SimSource.Observation;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A simulated Jenkins: a clone that is fetched from time to time, one wait that is evaluated on updates, and a separate
 * clock.
 */
public final class SimController {
    /** The time after which an agent is stale. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final SimWorld world;
    private final SimTime time;
    private SimSource source;
    private SimGit.Clone clone;
    private Expectation expectation;
    private boolean up = true;
    private long offset;
    private int process;

    // The state of the wait that is lost with the process.
    private StabilityWindow stabilityWindow = new StabilityWindow();
    private JudgedStatus judgedStatus;
    private Verdict decided;
    private final List<LiveObservation> looks = new ArrayList<>();
    private long newestReceived;
    private Instant heardAt = Instant.EPOCH;

    private Verdict end;
    private boolean endedInCalm;
    private String last = "nothing looked at";

    /** As in the real waits, a change of timestamps only is not evaluated again. */
    private record JudgedStatus(String tip, List<AgentSnapshot> snapshots) {}

    /** A snapshot with which the wait was live. */
    private record LiveObservation(Commit commit, AgentSnapshot snapshot, Observation observation) {}

    SimController(SimWorld world) {
        this.world = world;
        this.time = world.time;
    }

    void listensTo(SimSource heard) {
        source = heard;
    }

    Instant clock() {
        return SimTime.instant(time.now() + offset);
    }

    void beginWait(Instant since) {
        clone = world.git.new Clone(world.mine);
        expectation = new Expectation(
                SimSource.TARGET,
                world.mine.revision(),
                SimGit.images(world.mine),
                world.healthy,
                since,
                Duration.ofSeconds(world.stableSeconds));
        tick();
    }

    private void tick() {
        look();
        if (end == null) {
            time.in(4000, 5000, this::tick);
        }
    }

    void pushed() {
        time.in(20, 4000, this::fetch);
    }

    private void fetch() {
        if (up && clone != null && clone.fetch()) {
            look();
        }
    }

    void news() {
        if (up && clone != null && time.chance(95)) {
            look();
        }
    }

    void restart() {
        up = false;
        process++;
        source.controllerStopped();
        time.in(300, 12_000, () -> {
            up = true;
            source.controllerStarted();
            stabilityWindow = new StabilityWindow();
            judgedStatus = null;
            decided = null;
            looks.clear();
            newestReceived = 0;
            fetch();
        });
    }

    void stepClock() {
        offset = time.chance(20) ? time.between(-400_000, 400_000) : time.between(-60_000, 60_000);
    }

    void calmDown() {
        offset = Math.max(-200_000, Math.min(200_000, offset));
        time.in(100, 5000, this::fetch);
        time.in(15_000, 16_000, this::fetch);
    }

    private void look() {
        if (!up || end != null || expectation == null) {
            return;
        }
        try {
            Instant now = clock();
            List<AgentSnapshot> snapshots = source.snapshots(now);
            Verdict verdict = stabilityWindow.confirm(decide(snapshots, now), snapshots, expectation, now);
            remember(snapshots);
            last = verdict.summary();
            if (verdict instanceof Verdict.Waiting waiting) {
                recheck(waiting, now);
            } else {
                end = verdict;
                endedInCalm = world.calm;
                check(verdict);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Verdict decide(List<AgentSnapshot> snapshots, Instant now) throws IOException {
        JudgedStatus next = new JudgedStatus(
                clone.tip(),
                snapshots.stream().map(AgentSnapshot::withoutTimestamps).toList());
        boolean due = decided instanceof Verdict.Waiting waiting
                && waiting.recheckAt() != null
                && !now.isBefore(waiting.recheckAt());
        if (due || !next.equals(judgedStatus)) {
            decided = AwaitDecision.decide(expectation, snapshots, clone, now);
            judgedStatus = next;
        }
        return decided;
    }

    private void recheck(Verdict.Waiting waiting, Instant now) {
        if (waiting.recheckAt() != null) {
            int mine = process;
            time.at(
                    time.now()
                            + Math.max(
                                    1,
                                    Duration.between(now, waiting.recheckAt()).toMillis()),
                    () -> {
                        if (mine == process) {
                            look();
                        }
                    });
        }
    }

    private void remember(List<AgentSnapshot> snapshots) {
        long heard =
                snapshots.isEmpty() ? 0 : source.observation(snapshots.get(0)).sent();
        if (Duration.between(heardAt, clock()).abs().compareTo(SILENCE) > 0) {
            // Also if only the clock was changed: after a silence, a report of any process is accepted.
            newestReceived = 0;
        }
        heardAt = snapshots.isEmpty() ? clock() : snapshots.get(0).receivedAt();
        require(heard == 0 || heard >= newestReceived, "something older took the place of what was known");
        newestReceived = Math.max(newestReceived, heard);
        if (!(decided instanceof Verdict.Live live)) {
            looks.clear();
            return;
        }
        AgentSnapshot snapshot = snapshots.get(0);
        if (!looks.isEmpty()
                && snapshot.receivedAt().isBefore(looks.get(0).snapshot().receivedAt())) {
            looks.clear(); // The clock was set back, so the stability window starts again.
        }
        looks.add(new LiveObservation(world.git.commit(live.syncedRevision()), snapshot, source.observation(snapshot)));
    }

    private void check(Verdict verdict) {
        if (verdict instanceof Verdict.Live) {
            checkLive();
        } else if (verdict instanceof Verdict.Failed) {
            boolean cause = world.givenUp.stream().anyMatch(c -> c.includes(world.mine) && isMine(c))
                    || world.healthy && world.cluster.wasDegraded(world.mine.value());
            require(cause, "failed without a cause");
        } else {
            Commit tip = world.git.commit(clone.tip());
            boolean reverted = verdict instanceof Verdict.Reverted;
            require(reverted || tip.includes(world.mine), "superseded, but no longer on the branch");
            require(!tip.includes(world.mine) || !isMine(tip), "gone, but the tip still has it");
            if (tip.includes(world.mine)) {
                SimGit.Clone.SupersedingChange by = clone.supersedingChange();
                require(by != null && by.isRevert() == reverted, "the wrong kind of end");
            }
        }
    }

    private boolean isMine(Commit commit) {
        return commit.value() == world.mine.value();
    }

    /**
     * Checks what a final live verdict guarantees. For our agent: at each observation since the target has been live
     * without interruption, the cluster ran a commit that includes mine with my image, completely, and healthy and
     * ready if required; no sync was running between the observation and the sending of the report. For Argo CD, whose
     * health may be late: the same at some time between the first such comparison, but not before the last sync ended,
     * and the last such poll; and no sync was requested or running at that poll. In both cases, the time between the
     * first and the last received status covers the stability window.
     */
    private void checkLive() {
        for (LiveObservation liveObservation : looks) {
            require(liveObservation.commit().includes(world.mine), "live at a commit without mine");
            require(isMine(liveObservation.commit()), "live with another value");
            require(
                    liveObservation.snapshot().problem() == null
                            && !liveObservation.snapshot().stale(),
                    "live by an agent that is silent");
        }
        LiveObservation first = looks.get(0);
        LiveObservation latest = looks.get(looks.size() - 1);
        Duration seenFor = Duration.between(
                first.snapshot().receivedAt(), latest.snapshot().receivedAt());
        require(seenFor.compareTo(expectation.stableFor()) >= 0, "not seen for the stable time");
        if (latest.snapshot().kind() == AgentKind.AGENT) {
            for (LiveObservation look : looks) {
                Observation at = look.observation();
                require(world.cluster.ran(look.commit(), world.healthy, at.from()), "not live when it was observed");
                require(!world.cluster.wasSyncing(at.from()), "observed during a sync");
                require(world.cluster.lastSyncEnd(at.sent()) <= at.from(), "a sync ended after the observation");
            }
        } else {
            long taken = latest.observation().sent();
            long from = Math.max(
                    first.observation().from(),
                    world.cluster.lastSyncEnd(first.observation().sent()));
            require(world.cluster.ran(latest.commit(), world.healthy, from, taken), "not live while it was looked at");
            require(!world.cluster.wasSyncing(taken), "live during a sync");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** Returns the final verdict; null while the wait has none. */
    public Verdict end() {
        return end;
    }

    /**
     * Whether no final verdict is possible: the source does not report that the newest commit is the one that cannot be
     * rendered, or reports health although the pods are not and never will be ready.
     */
    public boolean mayWait() {
        return world.git.tip().broken() && !source.tellsRevisionOfErrors()
                || world.healthy
                        && !world.cluster.state().ready()
                        && world.cluster.state().health() == Health.HEALTHY;
    }

    /** Whether the wait ended only after everything had calmed down. */
    public boolean endedInCalm() {
        return endedInCalm;
    }

    /** Returns the last reported summary. */
    public String last() {
        return last;
    }
}
