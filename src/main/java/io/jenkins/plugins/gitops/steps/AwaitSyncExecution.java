package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.model.Result;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import io.jenkins.plugins.gitops.status.Sources;
import io.jenkins.plugins.gitops.status.Waits;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Waits without a thread: what it waits for is registered at {@link Waits}, which calls back when an agent reports or
 * Git moves. The deadline is fixed at the first start and holds over restarts.
 */
final class AwaitSyncExecution extends GitopsStepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(AwaitSyncExecution.class.getName());
    /** After a restart agents get this long to report before a deadline that passed meanwhile counts. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final String app;
    private final String env;
    private final String revision;
    private final String repository;
    private final String timeout;
    private final boolean healthy;
    /** Milliseconds since the epoch; the timeout counts from here. */
    private volatile long startedAt;
    /** Replaced, never changed; null until it is known what to wait for. */
    private volatile ArrayList<Awaited> awaited;

    private volatile String status;
    private transient volatile ScheduledFuture<?> timer;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "set by proceed, which is called after each restart")
    private transient volatile List<WaitLog> logs;

    AwaitSyncExecution(GitopsAwaitSyncStep step, StepContext context) {
        super(context);
        this.app = step.getApp();
        this.env = step.getEnv();
        this.revision = step.getRevision();
        this.repository = step.getRepository();
        this.timeout = step.getTimeout();
        this.healthy = step.isHealthy();
    }

    @Override
    void starting() {
        startedAt = System.currentTimeMillis();
    }

    @Override
    void proceed() throws Exception {
        Duration patience = Durations.parse(timeout);
        if (awaited == null) {
            awaited = new ArrayList<>(new AwaitedChanges(run(), app, env, revision, repository).find());
            getContext().saveState();
        }
        List<Awaited> changes = awaited;
        if (changes.stream().allMatch(Awaited::isLive)) {
            log(Messages.AwaitSyncExecution_Nothing());
            succeed(result(changes));
            return;
        }
        pause(Messages.AwaitSyncExecution_Pause());
        if (!isResumed()) {
            log(Messages.AwaitSyncExecution_Waiting(names(changes), timeout));
        }
        register(changes);
        timer = Timer.get()
                .schedule(
                        () -> onPool(this::timedOut),
                        left(startedAt, patience, isResumed(), System.currentTimeMillis()),
                        TimeUnit.MILLISECONDS);
    }

    private void register(List<Awaited> changes) throws RefusedException {
        logs = changes.stream().map(c -> new WaitLog()).toList();
        for (int i = 0; i < changes.size(); i++) {
            Awaited change = changes.get(i);
            if (!change.isLive()) {
                int at = i;
                Waits.get()
                        .register(
                                id(i), change.repository, change.expectation(healthy), verdict -> decided(at, verdict));
            }
        }
    }

    /** @return milliseconds until the timeout counts */
    static long left(long startedAt, Duration patience, boolean resumed, long now) {
        long left = startedAt + patience.toMillis() - now;
        return Math.max(left, resumed ? GRACE.toMillis() : 0);
    }

    /** Called for each verdict, one after the other for one change; quick, since all waits are looked at in a row. */
    private void decided(int at, Verdict verdict) {
        if (verdict instanceof Verdict.Waiting) {
            waiting(at, verdict.summary());
        } else {
            onPool(() -> ended(at, verdict));
        }
    }

    private void waiting(int at, String reason) {
        String target = awaited.get(at).target().id();
        String line = oneLine(reason);
        status = target + ": " + line;
        logs.get(at).line(line, System.nanoTime()).ifPresent(news -> onPool(() -> log(target + ": " + news)));
    }

    private void ended(int at, Verdict verdict) {
        if (verdict instanceof Verdict.Live) {
            live(at, (Verdict.Live) verdict);
        } else if (verdict instanceof Verdict.Superseded) {
            // Not a failure of this build: newer work took its place, as when a milestone is passed.
            end(at, ChangeRecord.Outcome.SUPERSEDED, Result.NOT_BUILT, verdict.summary());
        } else if (verdict instanceof Verdict.Reverted) {
            end(at, ChangeRecord.Outcome.REVERTED, Result.FAILURE, verdict.summary());
        } else {
            end(at, ChangeRecord.Outcome.FAILED, Result.FAILURE, verdict.summary());
        }
    }

    private synchronized void live(int at, Verdict.Live verdict) {
        Awaited change = awaited.get(at);
        if (change.isLive()) {
            return;
        }
        ArrayList<Awaited> next = new ArrayList<>(awaited);
        next.set(at, change.live(verdict, resources(change)));
        awaited = next;
        log(change.target().id() + ": " + verdict.summary());
        remember(change, ChangeRecord.Outcome.LIVE, verdict.summary());
        if (next.stream().allMatch(Awaited::isLive)) {
            succeed(result(next));
        } else {
            getContext().saveState();
        }
    }

    private void end(int at, ChangeRecord.Outcome outcome, Result result, String summary) {
        Awaited change = awaited.get(at);
        String line = oneLine(summary);
        remember(change, outcome, line);
        fail(new FlowInterruptedException(
                result, false, new NotLive(change.target().id(), outcome, line)));
    }

    private void timedOut() {
        List<String> targets = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        List<Awaited> changes = awaited;
        for (int i = 0; i < changes.size(); i++) {
            if (!changes.get(i).isLive()) {
                String summary =
                        Messages.AwaitSyncExecution_Timeout(timeout, logs.get(i).current());
                remember(changes.get(i), ChangeRecord.Outcome.TIMEOUT, summary);
                targets.add(changes.get(i).target().id());
                reasons.add(summary);
            }
        }
        if (!targets.isEmpty()) {
            fail(new FlowInterruptedException(
                    Result.FAILURE,
                    false,
                    new NotLive(String.join(", ", targets), ChangeRecord.Outcome.TIMEOUT, String.join("; ", reasons))));
        }
    }

    private void remember(Awaited change, ChangeRecord.Outcome outcome, String summary) {
        if (change.operation == null) {
            return;
        }
        try {
            DeliveryAction.ended(run(), change.operation, outcome, summary);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot store the outcome of " + change.operation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Report.Resource> resources(Awaited change) {
        try {
            RepositoryConfiguration configuration = GitopsConfiguration.get().repository(change.repository);
            List<Snapshot> snapshots = Sources.snapshots(configuration, change.target(), Instant.now());
            return snapshots.size() == 1 ? snapshots.get(0).status().resources() : List.of();
        } catch (RefusedException e) {
            return List.of();
        }
    }

    /** The last change stands for all; {@code changes} has each. */
    private static Map<String, Object> result(List<Awaited> changes) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("outcome", "live");
        ArrayList<Object> all = new ArrayList<>();
        for (Awaited change : changes) {
            LinkedHashMap<String, Object> one = change.toMap();
            map.putAll(one);
            all.add(one);
        }
        map.put("changes", all);
        return map;
    }

    private static String names(List<Awaited> changes) {
        return changes.stream()
                .filter(a -> !a.isLive())
                .map(a -> a.target().id() + " at " + ChangeExecution.brief(a.revision))
                .collect(Collectors.joining(", "));
    }

    private String id(int at) {
        return operation() + "#" + at;
    }

    @Override
    void release() {
        ScheduledFuture<?> scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        List<Awaited> changes = awaited;
        for (int i = 0; changes != null && i < changes.size(); i++) {
            Waits.get().unregister(id(i));
        }
    }

    @CheckForNull
    @Override
    public String getStatus() {
        String reason = status;
        return (reason == null ? "waiting" : "waiting for " + reason) + " (timeout " + timeout + " from "
                + Instant.ofEpochMilli(startedAt) + ")";
    }
}
