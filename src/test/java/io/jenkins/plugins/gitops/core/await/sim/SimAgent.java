package io.jenkins.plugins.gitops.core.await.sim;

import io.jenkins.plugins.gitops.core.await.sim.SimGit.Commit;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agent of this project: reconciliations, syncs with retries, and signed reports over an unreliable network to the
 * real verifier.
 */
final class SimAgent implements SimSource {
    private static final String NAME = "dev";
    private static final String SECRET = "0123456789abcdef";
    private static final int INTERVAL = 5;
    private static final int RETRIES = 2;

    private final SimWorld world;
    private final SimTime time;
    private final Map<Long, Long> sent = new HashMap<>();
    private ReportVerifier inbox = inbox();
    private byte[] stored;
    private Instant storedAt;
    private boolean listening = true;

    // State of one process of the agent.
    private int process;
    private boolean down;
    private long startedAt;
    private long sequence;
    private Commit tip;
    private Commit synced;
    private AgentOperation agentOperation;
    private boolean asked;
    private ApplicationStatus status;
    private boolean passDue;
    private boolean sendDue;

    private static final class AgentOperation {
        private final Commit commit;
        private final boolean partial;
        private final SimCluster.Sync sync;
        private final long startedAt;
        private String phase = "Running";
        private Long finishedAt;
        private int retries;
        private boolean trying;
        private long retryAt;

        private AgentOperation(Commit commit, boolean partial, SimCluster.Sync sync, long now) {
            this.commit = commit;
            this.partial = partial;
            this.sync = sync;
            this.startedAt = now;
        }

        private boolean waits() {
            return phase.equals("Running") && !trying;
        }

        private void end(String how, long now) {
            phase = how;
            trying = false;
            finishedAt = now;
            sync.to = now;
        }

        private OperationState report() {
            return new OperationState(
                    phase,
                    commit.revision(),
                    text(startedAt),
                    finishedAt == null ? null : text(finishedAt),
                    retries,
                    null,
                    partial);
        }
    }

    SimAgent(SimWorld world) {
        this.world = world;
        this.time = world.time;
        world.cluster.watch(this::passSoon);
        start();
        time.in(0, 3000, this::fetch);
        time.in(0, 1000 * INTERVAL, this::beat);
    }

    private static ReportVerifier inbox() {
        return new ReportVerifier(name -> name.equals(NAME) ? Optional.of(SECRET) : Optional.empty());
    }

    private static String text(long at) {
        return SimTime.instant(at).toString();
    }

    private void start() {
        process++;
        down = false;
        startedAt = time.now();
        sequence = 0;
        tip = world.git.tip();
        synced = null;
        agentOperation = null;
        asked = false;
        status = null;
        pass();
    }

    @Override
    public void restart() {
        if (down) {
            return;
        }
        down = true;
        process++;
        if (agentOperation != null && agentOperation.sync.to == Long.MAX_VALUE) {
            agentOperation.sync.to = time.now();
        }
        time.in(300, 20_000, this::start);
    }

    @Override
    public void pushed() {
        time.in(50, 500, this::fetch);
        time.in(5000, 9000, this::fetch);
    }

    private void fetch() {
        if (!down && !world.gitAway && tip != world.git.tip()) {
            tip = world.git.tip();
            passSoon();
        }
    }

    private void passSoon() {
        if (!passDue) {
            passDue = true;
            time.in(10, 200, () -> {
                passDue = false;
                pass();
            });
        }
    }

    private void pass() {
        if (down || agentOperation != null && agentOperation.trying) {
            return;
        }
        if (tip.value() == 0 || tip.broken()) {
            if (tip.broken()) {
                world.givenUp.add(tip);
            } else {
                world.cluster.prune();
            }
            publish(look());
            return;
        }
        boolean same = world.cluster.state().is(tip);
        if (same) {
            synced = tip;
            if (agentOperation != null && agentOperation.waits()) {
                agentOperation.end("Succeeded", time.now());
            }
        } else if (!world.manual || agentOperation != null && agentOperation.waits()) {
            act();
        }
        publish(look());
    }

    private void act() {
        boolean attempted = agentOperation != null && agentOperation.commit.rendersAs(tip) && !agentOperation.partial;
        if (agentOperation != null && agentOperation.waits() && attempted) {
            if (time.now() >= agentOperation.retryAt) {
                agentOperation.retries++;
                begin();
            }
        } else if (!attempted || agentOperation.phase.equals("Succeeded")) {
            sync(tip, false);
        }
    }

    @Override
    public void request(Commit commit, boolean partial) {
        if (down || tip.value() == 0 || tip.broken() || agentOperation != null && agentOperation.trying || asked) {
            return;
        }
        asked = true;
        SimCluster.Sync sync = world.cluster.beginSync();
        publish(look());
        int mine = process;
        time.in(10, 300, () -> {
            sync.to = time.now();
            asked = asked && mine != process;
            if (mine == process && (agentOperation == null || !agentOperation.trying)) {
                sync(tip.broken() || tip.value() == 0 ? world.mine.parent() : tip, partial);
            }
        });
    }

    private void sync(Commit commit, boolean partial) {
        if (agentOperation != null && agentOperation.sync.to == Long.MAX_VALUE) {
            agentOperation.sync.to = time.now();
        }
        agentOperation = new AgentOperation(commit, partial, world.cluster.beginSync(), time.now());
        begin();
    }

    private void begin() {
        agentOperation.trying = true;
        agentOperation.finishedAt = null;
        int mine = process;
        AgentOperation which = agentOperation;
        publish(look());
        time.in(20, 800, () -> {
            if (mine == process && which == agentOperation) {
                ended();
            }
        });
    }

    private void ended() {
        SimWorld.Try how = world.attempt();
        agentOperation.trying = false;
        if (how == SimWorld.Try.GOOD) {
            world.cluster.apply(agentOperation.commit, !agentOperation.partial);
            agentOperation.end("Succeeded", time.now());
        } else {
            if (how == SimWorld.Try.PARTLY) {
                world.cluster.apply(agentOperation.commit, false);
            }
            agentOperation.finishedAt = time.now();
            if (agentOperation.partial || agentOperation.retries >= RETRIES) {
                agentOperation.end("Failed", time.now());
                if (!agentOperation.partial) {
                    world.givenUp.add(agentOperation.commit);
                }
            } else {
                agentOperation.retryAt = time.now() + time.between(500, 2500);
                time.at(agentOperation.retryAt, this::passSoon);
            }
        }
        if (status != null && time.chance(30)) {
            // The end of the operation is reported before the next comparison.
            publish(with(status, agentOperation.report()));
            passSoon();
        } else {
            pass();
        }
    }

    /** Returns the current status; null if there is no application. */
    private ApplicationStatus look() {
        return tip.value() == 0 ? null : tip.broken() ? broken() : compared();
    }

    private ApplicationStatus compared() {
        SimCluster.RunningState live = world.cluster.state();
        boolean same = live.is(tip);
        List<ApplicationCondition> conditions = new ArrayList<>();
        if (agentOperation != null
                && agentOperation.phase.equals("Failed")
                && !agentOperation.partial
                && !same
                && agentOperation.commit.rendersAs(tip)) {
            conditions.add(
                    new ApplicationCondition("SyncError", "given up", tip.revision(), text(agentOperation.finishedAt)));
        }
        List<ResourceStatus> resources = live.health() == Health.HEALTHY
                ? List.of()
                : List.of(new ResourceStatus(
                        "Deployment",
                        "ns",
                        "payments-api",
                        "Synced",
                        live.health().wireName(),
                        "1 of 3"));
        return status(
                        tip.revision(),
                        same ? "Synced" : "OutOfSync",
                        live.health().wireName(),
                        resources,
                        conditions)
                .withDetails(world.cluster.details());
    }

    private ApplicationStatus broken() {
        ApplicationStatus before = status;
        ApplicationCondition condition =
                new ApplicationCondition("ComparisonError", "cannot be rendered", tip.revision(), text(time.now()));
        return status(
                before == null ? null : before.comparedRevision(),
                "Unknown",
                before == null ? "Unknown" : before.health(),
                List.of(),
                List.of(condition));
    }

    private ApplicationStatus status(
            String compared,
            String sync,
            String health,
            List<ResourceStatus> resources,
            List<ApplicationCondition> conditions) {
        return ApplicationStatusBuilder.of("payments-api-dev")
                .at("u", TARGET.path())
                .compared(compared)
                .synced(synced == null ? null : synced.revision())
                .sync(SyncState.of(sync))
                .health(Health.of(health))
                .operation(agentOperation == null ? null : agentOperation.report())
                .resources(resources)
                .observedAt(text(time.now()))
                .requested(asked)
                .conditions(conditions)
                .build();
    }

    private static ApplicationStatus with(ApplicationStatus s, OperationState operationState) {
        return ApplicationStatusBuilder.of(s)
                .operation(operationState)
                .comparedAt(null)
                .requested(false)
                .deleting(false)
                .build();
    }

    private void publish(ApplicationStatus next) {
        status = next;
        sendSoon();
    }

    private void sendSoon() {
        if (!sendDue) {
            sendDue = true;
            time.in(0, 100, () -> {
                sendDue = false;
                send();
            });
        }
    }

    private void beat() {
        if (!down) {
            passSoon();
            send();
        }
        time.in(1000 * INTERVAL - 500, 1000 * INTERVAL, this::beat);
    }

    private void send() {
        if (down) {
            return;
        }
        sequence++;
        sent.put(process * 100_000L + sequence, time.now());
        Report report = new Report(
                String.valueOf(process),
                text(startedAt),
                sequence,
                INTERVAL,
                status == null ? List.of() : List.of(status));
        byte[] body = ReportVerifier.format(report);
        String timestamp = String.valueOf(SimTime.instant(time.now()).getEpochSecond());
        String signature = ReportSignature.sign(SECRET, ReportSignature.Context.report(NAME, timestamp), body);
        if (world.calm || !time.chance(15)) {
            boolean late = !world.calm && time.chance(10);
            time.in(5, late ? 20_000 : 80, () -> arrive(timestamp, signature, body));
            if (time.chance(10)) {
                time.in(5, 10_000, () -> arrive(timestamp, signature, body));
            }
        }
    }

    private void arrive(String timestamp, String signature, byte[] body) {
        if (!listening) {
            return;
        }
        try {
            ReportVerifier.VerifiedReport verifiedReport = inbox.verify(
                    NAME, timestamp, signature, body, world.controller().clock());
            if (time.chance(70)) {
                // A report that arrives between two writes of the store is lost with the process.
                stored = body;
                storedAt = verifiedReport.at();
            }
            world.controller().news();
        } catch (ReportVerifier.ReportRejectedException e) {
            // Duplicates and late reports are rejected, and so is every report while the clocks differ too much.
        }
    }

    @Override
    public void controllerStopped() {
        listening = false;
    }

    @Override
    public void controllerStarted() {
        listening = true;
        inbox = inbox();
        if (stored != null) {
            try {
                inbox.restore(new ReportVerifier.VerifiedReport(NAME, ReportVerifier.parse(stored), storedAt));
            } catch (ReportVerifier.ReportRejectedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public List<AgentSnapshot> snapshots(Instant now) {
        return inbox.newest(NAME).stream()
                .flatMap(verifiedReport -> verifiedReport.report().applications().stream()
                        .map(a -> new AgentSnapshot(NAME, verifiedReport.at(), verifiedReport.isStale(now), a)))
                .toList();
    }

    @Override
    public Observation observation(AgentSnapshot snapshot) {
        Report report = inbox.newest(NAME).orElseThrow().report();
        long at = SimTime.moment(snapshot.status().observedAt());
        return new Observation(at, sent.get(Long.parseLong(report.instance()) * 100_000L + report.sequence()));
    }
}
