package io.jenkins.plugins.gitops.core.await.sim;

import io.jenkins.plugins.gitops.core.await.sim.SimGit.Commit;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * A simulated Argo CD: comparisons that take a while and are reported with the second in which they began, operations
 * between them, health that may be late, and polls by Jenkins that may fail.
 */
final class SimArgoCd implements SimSource {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final int RETRIES = 2;

    private final SimWorld world;
    private final SimTime time;
    private final long lag;
    private final boolean busy;
    private final boolean tellsRevision;

    // The application as stored by the server.
    private boolean there = true;
    private boolean deleting;
    private String sync;
    private String health = "Healthy";
    private Details details;
    private Commit compared;
    private long comparedAt;
    private Commit applied;
    private boolean requested;
    private SimOperation simOperation;
    private final List<ApplicationCondition> conditions = new ArrayList<>();
    private Commit failing;
    private boolean failingAway;
    private long failingSince;

    private boolean comparing;
    private boolean dirty;
    private boolean dueToCompare;

    // What Jenkins has received.
    private boolean polling = true;
    private ReceivedStatus receivedStatus;
    private String problem;

    private record ReceivedStatus(AgentSnapshot snapshot, long comparedAt, long taken) {}

    private static final class SimOperation {
        private final Commit commit;
        private final boolean partial;
        private final SimCluster.Sync sync;
        private final long startedAt;
        private String phase = "Running";
        private Long finishedAt;
        private int retries;

        private SimOperation(Commit commit, boolean partial, SimCluster.Sync sync, long now) {
            this.commit = commit;
            this.partial = partial;
            this.sync = sync;
            this.startedAt = now;
        }

        private OperationState report() {
            return new OperationState(
                    phase,
                    commit.revision(),
                    second(startedAt),
                    finishedAt == null ? null : second(finishedAt),
                    retries,
                    null,
                    partial);
        }
    }

    SimArgoCd(SimWorld world) {
        this.world = world;
        this.time = world.time;
        this.busy = time.chance(25);
        this.lag = !busy && time.chance(50) ? time.between(100, 2000) : 0;
        this.tellsRevision = time.chance(50);
        compared = world.git.tip();
        details = world.cluster.details();
        applied = compared;
        sync = "Synced";
        world.cluster.watch(this::changed);
        time.in(0, 2000, this::poll);
        time.in(10_000, 30_000, this::resync);
    }

    private static String second(long at) {
        return SimTime.instant(at).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void changed() {
        compareSoon();
        if (lag > 0) {
            time.at(time.now() + lag, this::compareSoon);
        }
    }

    @Override
    public void pushed() {
        time.in(50, 3000, this::compareSoon);
    }

    private void resync() {
        compareSoon();
        time.in(10_000, 30_000, this::resync);
    }

    private void compareSoon() {
        if (comparing) {
            dirty = true;
        } else if (!dueToCompare) {
            dueToCompare = true;
            // A server with many applications may process this one late.
            time.in(0, busy ? 8000 : 200, () -> {
                dueToCompare = false;
                compare();
            });
        }
    }

    private void compare() {
        if (comparing) {
            dirty = true;
            return;
        }
        comparing = true;
        long begun = time.now();
        Commit tip = world.git.tip();
        boolean same = world.cluster.state().is(tip);
        boolean away = world.gitAway;
        time.in(10, 200, () -> {
            comparing = false;
            publish(tip, same, away, begun);
            if (dirty) {
                dirty = false;
                compareSoon();
            }
        });
    }

    private void publish(Commit tip, boolean same, boolean away, long begun) {
        if (tip.value() == 0 && !away) {
            deleteApplication();
            return;
        }
        if (!there) {
            there = true;
            simOperation = null;
            applied = null;
        }
        deleting = false;
        comparedAt = begun;
        health = world.cluster.lateHealth(lag).wireName();
        details = world.cluster.details();
        conditions.clear();
        if (away || tip.broken()) {
            compared = null;
            sync = "Unknown";
            if (failing != tip || failingAway != away) {
                failing = tip;
                failingAway = away;
                failingSince = begun;
            }
            if (!away) {
                world.givenUp.add(tip);
            }
            String revision = away || !tellsRevision ? null : tip.revision();
            String text = away ? "rpc error: code = Unavailable desc = connection refused" : "no manifests";
            conditions.add(new ApplicationCondition("ComparisonError", text, revision, second(failingSince)));
            return;
        }
        failing = null;
        compared = tip;
        sync = same ? "Synced" : "OutOfSync";
        if (!same && !world.manual && !requested && (simOperation == null || !simOperation.phase.equals("Running"))) {
            if (simOperation != null
                    && simOperation.commit == tip
                    && simOperation.phase.equals("Failed")
                    && !simOperation.partial) {
                conditions.add(new ApplicationCondition(
                        "SyncError",
                        "given up",
                        tellsRevision ? tip.revision() : null,
                        second(simOperation.finishedAt)));
            } else {
                operate(tip, false);
            }
        }
    }

    private void deleteApplication() {
        if (!there || deleting) {
            return;
        }
        deleting = true;
        time.in(500, 3000, () -> {
            if (deleting) {
                there = false;
                deleting = false;
                endSync();
                simOperation = null;
                requested = false;
                world.cluster.prune();
            }
        });
    }

    private void endSync() {
        if (simOperation != null && simOperation.sync.to == Long.MAX_VALUE) {
            simOperation.sync.to = time.now();
        }
    }

    @Override
    public void request(Commit commit, boolean partial) {
        if (there && !deleting && !requested && commit.value() != 0 && !commit.broken()) {
            operate(commit, partial);
        }
    }

    private void operate(Commit commit, boolean partial) {
        if (simOperation != null && simOperation.phase.equals("Running")) {
            return;
        }
        endSync();
        simOperation = null;
        requested = true;
        SimCluster.Sync asked = world.cluster.beginSync();
        time.in(50, 100, () -> {
            if (!requested) {
                asked.to = time.now();
                return;
            }
            requested = false;
            simOperation = new SimOperation(commit, partial, asked, time.now());
            attempt(simOperation);
        });
    }

    private void attempt(SimOperation which) {
        which.finishedAt = null;
        time.in(100, 1500, () -> {
            if (which == simOperation) {
                ended(which);
            }
        });
    }

    private void ended(SimOperation which) {
        SimWorld.Try how = world.attempt();
        which.finishedAt = time.now();
        if (how == SimWorld.Try.GOOD) {
            which.phase = "Succeeded";
            which.sync.to = time.now();
            if (!which.partial) {
                applied = which.commit;
            }
            world.cluster.apply(which.commit, !which.partial);
        } else {
            if (how == SimWorld.Try.PARTLY) {
                world.cluster.apply(which.commit, false);
            }
            if (which.partial || which.retries >= RETRIES) {
                which.phase = "Failed";
                which.sync.to = time.now();
                if (!which.partial) {
                    world.givenUp.add(which.commit);
                }
            } else {
                which.retries++;
                time.in(500, 2500, () -> {
                    if (which == simOperation) {
                        attempt(which);
                    }
                });
            }
        }
        compareSoon();
    }

    @Override
    public void restart() {
        // The API server is unavailable; the controller continues.
        problem = "status 503";
        time.in(1000, 40_000, () -> problem = null);
    }

    private void poll() {
        boolean fails = !world.calm && time.chance(10);
        String trouble = problem != null ? problem : fails ? "time-out" : null;
        ApplicationStatus status = there ? status() : null;
        ReceivedStatus next =
                new ReceivedStatus(status == null ? null : snapshot(status, null), comparedAt, time.now());
        time.in(0, 150, () -> {
            if (polling) {
                hear(next, trouble);
            }
            // A comparison in the same second is repeated immediately instead of with the next resync.
            if (simOperation != null
                    && simOperation.finishedAt != null
                    && second(comparedAt).compareTo(second(simOperation.finishedAt)) <= 0) {
                compareSoon();
            }
        });
        time.in(1000, 4000, this::poll);
    }

    private void hear(ReceivedStatus next, String trouble) {
        if (trouble == null) {
            receivedStatus = next.snapshot() == null
                    ? null
                    : new ReceivedStatus(snapshot(next.snapshot().status(), null), next.comparedAt(), next.taken());
        } else if (receivedStatus != null) {
            AgentSnapshot last = receivedStatus.snapshot();
            receivedStatus = new ReceivedStatus(
                    new AgentSnapshot(last.kind(), last.agent(), last.receivedAt(), false, trouble, last.status()),
                    receivedStatus.comparedAt(),
                    receivedStatus.taken());
        }
        world.controller().news();
    }

    private AgentSnapshot snapshot(ApplicationStatus status, String trouble) {
        return new AgentSnapshot(AgentKind.ARGO_CD, "main", world.controller().clock(), false, trouble, status);
    }

    private ApplicationStatus status() {
        Commit live = sync.equals("Synced") ? compared : applied;
        return ApplicationStatusBuilder.of("payments-api-dev")
                .at("u", TARGET.path())
                .compared(compared == null ? null : compared.revision())
                .synced(live == null ? null : live.revision())
                .sync(SyncState.of(sync))
                .health(Health.of(health))
                .operation(simOperation == null ? null : simOperation.report())
                .resources(
                        health.equals("Healthy")
                                ? List.of()
                                : List.of(new ResourceStatus(
                                        "Deployment", "ns", "payments-api", "Synced", health, "1 of 3")))
                .observedAt(SimTime.instant(time.now()).toString())
                .comparedAt(second(comparedAt))
                .requested(requested)
                .deleting(deleting)
                .conditions(conditions)
                .details(details)
                .build();
    }

    @Override
    public void controllerStopped() {
        polling = false;
        receivedStatus = null;
    }

    @Override
    public void controllerStarted() {
        polling = true;
    }

    @Override
    public List<AgentSnapshot> snapshots(Instant now) {
        if (receivedStatus == null) {
            return List.of();
        }
        AgentSnapshot last = receivedStatus.snapshot();
        boolean stale = !now.isBefore(last.receivedAt().plus(SILENCE))
                || now.isBefore(last.receivedAt().minus(SILENCE));
        return List.of(
                new AgentSnapshot(last.kind(), last.agent(), last.receivedAt(), stale, last.problem(), last.status()));
    }

    @Override
    public boolean tellsRevisionOfErrors() {
        return tellsRevision;
    }

    @Override
    public Observation observation(AgentSnapshot snapshot) {
        return new Observation(receivedStatus.comparedAt(), receivedStatus.taken());
    }
}
