package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.Durations;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Waits without a thread: its changes are {@link AwaitRegistrations registered}, and verdicts arrive as callbacks when
 * an agent reports or Git changes. The deadline is set at the first start and survives restarts. Failures are stored
 * before a rollback, so that after a restart the step continues with the rollback.
 */
final class AwaitSyncExecution extends GitopsStepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(AwaitSyncExecution.class.getName());
    /** Time that agents have to report after a restart before a deadline that has already passed takes effect. */
    private static final Duration RESTART_GRACE = Duration.ofSeconds(30);

    private final String app;
    private final String env;
    private final String revision;
    private final String repository;
    private final String timeout;
    private final String stableFor;
    private final String onFailure;
    private final boolean healthy;
    /** Milliseconds since the epoch; start of the timeout. */
    private volatile long startedAt;
    /** Replaced, never modified; null until the changes to wait for are resolved. */
    private volatile ArrayList<AwaitedChange> awaited;
    /** Replaced, never modified; null until the wait failed. Later verdicts are ignored. */
    private volatile ArrayList<FailedAwait> failures;

    private transient volatile ScheduledFuture<?> timer;
    /** The failure that is being rolled back. */
    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "null after a restart, so that the log says once more what is rolled back")
    private transient volatile FailedAwait rollingBack;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "set by proceed, which is called after each restart")
    private transient volatile AwaitRegistrations registrations;

    AwaitSyncExecution(GitopsAwaitSyncStep step, StepContext context) {
        super(context);
        this.app = step.getApp();
        this.env = step.getEnv();
        this.revision = step.getRevision();
        this.repository = step.getRepository();
        this.timeout = step.getTimeout();
        this.stableFor = step.getStableFor();
        this.onFailure = step.getOnFailure();
        this.healthy = step.isHealthy();
    }

    @Override
    void beforeStart() {
        startedAt = System.currentTimeMillis();
    }

    @Override
    void runStep() throws Exception {
        if (failures != null) {
            // Jenkins stopped after the wait had failed, but before the step ended.
            finish();
            return;
        }
        Duration timeoutDuration = Durations.parse(timeout);
        Duration stable = GitopsAwaitSyncStep.stability(stableFor, timeout);
        boolean mayRollBack = OnFailure.of(onFailure) == OnFailure.ROLLBACK;
        if (mayRollBack && !isResumed()) {
            WriteAccess.requirePermission(run(), runsAs(), GitopsPermissions.ROLLBACK);
        }
        if (awaited != null) {
            await(awaited, timeoutDuration, stable);
            return;
        }
        long end = startedAt + timeoutDuration.toMillis();
        new AwaitedChangeResolver(
                        run(),
                        runsAs(),
                        getContext().get(FlowNode.class),
                        app,
                        env,
                        revision,
                        repository,
                        r -> new RetryingFetch(r, () -> hasEnded() || System.currentTimeMillis() > end, this::log)
                                .start())
                .find()
                .whenComplete((found, problem) -> {
                    if (problem == null) {
                        runAndCleanUp(() -> found(found, timeoutDuration, stable));
                    } else {
                        fail(problem);
                    }
                });
    }

    private void found(List<AwaitedChange> changes, Duration timeoutDuration, Duration stable) throws Exception {
        ArrayList<AwaitedChange> found = new ArrayList<>(changes);
        if (OnFailure.of(onFailure) == OnFailure.ROLLBACK) {
            // Check access up front, so that a build that relies on a rollback fails early instead of late.
            for (AwaitedChange change : found) {
                AutomaticRollback.requireAccess(run(), runsAs(), change);
            }
        }
        awaited = found;
        getContext().saveState();
        await(found, timeoutDuration, stable);
    }

    private void await(List<AwaitedChange> changes, Duration timeoutDuration, Duration stable) throws Exception {
        if (changes.stream().allMatch(AwaitedChange::isLive)) {
            log(Messages.AwaitSyncExecution_Nothing());
            succeed(new AwaitResult(changes, List.of()).result());
            return;
        }
        pause(Messages.AwaitSyncExecution_Pause());
        if (!isResumed()) {
            log(Messages.AwaitSyncExecution_Waiting(AwaitedChange.names(changes), timeout));
            logLinks(changes);
        }
        register(changes, stable);
        timer = Timer.get()
                .schedule(
                        () -> runInBackground(this::timedOut),
                        remaining(startedAt, timeoutDuration, isResumed(), System.currentTimeMillis()),
                        TimeUnit.MILLISECONDS);
    }

    /** Logs links to the pages on which agents show the targets that are not live yet. */
    private void logLinks(List<AwaitedChange> changes) {
        changes.stream().filter(change -> !change.isLive()).forEach(change -> change.links()
                .forEach(link -> log(change.repository, change.application(), change.environment(), link)));
    }

    private void register(List<AwaitedChange> changes, Duration stable)
            throws UserErrorException, IOException, InterruptedException {
        AwaitRegistrations all = new AwaitRegistrations(
                operation(),
                changes.size(),
                at -> runInBackground(() -> logProgress(at)),
                (verdict, at) -> runInBackground(() -> onVerdict(at, verdict)));
        registrations = all;
        for (int i = 0; i < changes.size(); i++) {
            AwaitedChange change = changes.get(i);
            if (!change.isLive()) {
                all.register(i, change.repository, change.expectation(healthy, change.since(run(), startedAt), stable));
            }
        }
    }

    /** @return milliseconds until the step times out */
    static long remaining(long startedAt, Duration timeoutDuration, boolean resumed, long now) {
        long left = startedAt + timeoutDuration.toMillis() - now;
        return Math.max(left, resumed ? RESTART_GRACE.toMillis() : 0);
    }

    /** Synchronized, since threads of the pool could write lines out of order. */
    private synchronized void logProgress(int at) {
        registrations.takeLines(at).forEach(line -> log(awaited.get(at), line));
    }

    private void onVerdict(int at, Verdict verdict) throws Exception {
        logProgress(at);
        if (verdict instanceof Verdict.Live live) {
            live(at, live);
        } else if (verdict instanceof Verdict.Superseded) {
            // Not a failure of this build: a newer change replaced it, as when a newer build passes a milestone.
            endedEarly(at, ChangeRecord.Outcome.SUPERSEDED, Result.NOT_BUILT, verdict.summary());
        } else if (verdict instanceof Verdict.Reverted) {
            endedEarly(at, ChangeRecord.Outcome.REVERTED, Result.FAILURE, verdict.summary());
        } else if (verdict instanceof Verdict.Failed failed) {
            failWait(() -> List.of(
                    new FailedAwait(at, ChangeRecord.Outcome.FAILED, failed.summary(), ObservedTarget.of(failed))));
        } else {
            ObservedTarget observedTarget = ObservedTarget.now(awaited.get(at));
            failWait(() ->
                    List.of(new FailedAwait(at, ChangeRecord.Outcome.STALLED, verdict.summary(), observedTarget)));
        }
    }

    private synchronized void live(int at, Verdict.Live verdict) {
        AwaitedChange change = awaited.get(at);
        if (change.isLive() || failures != null) {
            return;
        }
        ObservedTarget observedTarget = ObservedTarget.of(verdict, change);
        ArrayList<AwaitedChange> next = new ArrayList<>(awaited);
        next.set(at, change.live(observedTarget));
        awaited = next;
        log(change, verdict.summary());
        recordOutcome(change, ChangeRecord.Outcome.LIVE, verdict.summary(), observedTarget);
        if (next.stream().allMatch(AwaitedChange::isLive)) {
            succeed(new AwaitResult(next, List.of()).result());
        } else {
            getContext().saveState();
        }
    }

    /** Ends the step without a rollback, since Git no longer contains this change. */
    private void endedEarly(int at, ChangeRecord.Outcome outcome, Result result, String summary) {
        List<AwaitedChange> changes = awaited;
        if (failures == null) {
            FailedAwait failedAwait =
                    new FailedAwait(at, outcome, oneLine(summary), ObservedTarget.now(changes.get(at)));
            recordOutcome(changes.get(at), outcome, failedAwait.summary, failedAwait.observed);
            fail(new AwaitResult(changes, List.of(failedAwait)).interruption(result));
        }
    }

    private void timedOut() throws Exception {
        failWait(() -> {
            List<FailedAwait> late = new ArrayList<>();
            List<AwaitedChange> changes = awaited;
            for (int i = 0; i < changes.size(); i++) {
                if (!changes.get(i).isLive()) {
                    String summary = Messages.AwaitSyncExecution_Timeout(timeout, registrations.current(i));
                    FailedAwait failedAwait = new FailedAwait(
                            i, ChangeRecord.Outcome.TIMEOUT, summary, ObservedTarget.now(changes.get(i)));
                    late.add(registrations.isUnready(i) ? failedAwait : failedAwait.unproven());
                }
            }
            return late;
        });
    }

    /** Records that the wait failed; only the first failure counts. */
    private void failWait(Supplier<List<FailedAwait>> what) throws Exception {
        List<FailedAwait> misses;
        synchronized (this) {
            misses = failures == null && !hasEnded() ? what.get() : List.of();
            if (misses.isEmpty()) {
                return;
            }
            failures = new ArrayList<>(misses);
        }
        for (FailedAwait failedAwait : misses) {
            recordOutcome(awaited.get(failedAwait.at), failedAwait.outcome, failedAwait.summary, failedAwait.observed);
        }
        releaseResources();
        if (OnFailure.of(onFailure) == OnFailure.ROLLBACK) {
            // Save before anything is written, so that a restart in between continues here instead of waiting again.
            getContext().saveState().addListener(() -> runInBackground(this::finish), Runnable::run);
        } else {
            finish();
        }
    }

    private void finish() throws Exception {
        AwaitResult end = new AwaitResult(awaited, failures);
        switch (OnFailure.of(onFailure)) {
            case UNSTABLE -> unstable(end);
            case ROLLBACK -> rollBackNext();
            default -> fail(end.interruption(Result.FAILURE));
        }
    }

    private void unstable(AwaitResult end) throws Exception {
        String message = end.cause().getShortDescription();
        log(message);
        getContext().get(FlowNode.class).addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
        run().setResult(Result.UNSTABLE);
        succeed(end.result());
    }

    /** Rolls back one change at a time, and saves the result before the next one. */
    private void rollBackNext() throws Exception {
        List<FailedAwait> misses = failures;
        FailedAwait next =
                misses.stream().filter(m -> m.rollback == null).findFirst().orElse(null);
        if (next == null) {
            fail(new AwaitResult(awaited, misses).interruption(Result.FAILURE));
            return;
        }
        if (!next.isProven()) {
            boolean stalled = next.outcome == ChangeRecord.Outcome.STALLED;
            rolledBack(
                    next, stalled ? Messages.AutomaticRollback_Stalled() : Messages.AutomaticRollback_Unproven(), null);
            return;
        }
        AwaitedChange change = awaited.get(next.at);
        pause(Messages.AwaitSyncExecution_Pause());
        if (!next.equals(rollingBack)) {
            // Log it once, however often it is retried.
            rollingBack = next;
            log(change, Messages.AwaitSyncExecution_RollingBack(next.summary));
        }
        Run<?, ?> run = run();
        String reason = oneLine(change.id() + ": " + next.summary);
        try {
            new AutomaticRollback(run, runsAs(), requester(), changeMetadata(operation(next.at), reason))
                    .start(change, writing(), this::log)
                    .whenComplete((words, problem) -> rolledBack(next, words, problem));
        } catch (UserErrorException e) {
            rolledBack(next, null, e);
        }
    }

    /** Logs the result, even if the build was aborted meanwhile, since the commit is in Git. */
    private void rolledBack(FailedAwait failedAwait, @CheckForNull String words, @CheckForNull Throwable problem) {
        if (problem != null
                && (isStopping() || writing().retry(problem, rollbackOf(failedAwait), this::rollBackNext))) {
            // Not final: it is retried when Git is available again or after the restart.
            return;
        }
        String told = words != null ? words : Messages.AutomaticRollback_Failed(reason(problem));
        if (problem != null) {
            LOGGER.log(Level.INFO, problem, () -> "failed to roll back for " + operation());
        }
        ArrayList<FailedAwait> next = new ArrayList<>(failures);
        next.replaceAll(m -> m.at == failedAwait.at ? m.rolledBack(told) : m);
        failures = next;
        log(awaited.get(failedAwait.at), told);
        getContext().saveState();
        runInBackground(this::rollBackNext);
    }

    private String rollbackOf(FailedAwait failedAwait) {
        return Messages.AwaitSyncExecution_RollbackOf(
                awaited.get(failedAwait.at).id());
    }

    private void log(AwaitedChange change, String line) {
        log(change.repository, change.application(), change.environment(), line);
    }

    private void recordOutcome(
            AwaitedChange change, ChangeRecord.Outcome outcome, String summary, ObservedTarget observedTarget) {
        if (change.operation == null) {
            return;
        }
        long now = System.currentTimeMillis();
        try {
            GitopsChangesAction.ended(
                    run(),
                    change.operation,
                    new ChangeRecord.AwaitEnd(outcome, summary, observedTarget, now, now - startedAt));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "no run for " + operation());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The operation id of a rollback: the same for each attempt, and distinct from those of the build's other steps.
     */
    private String operation(int at) {
        return operation().replaceFirst("@(?=[^@]*$)", ".rollback" + at + "@");
    }

    @Override
    String repositoryOrNull() throws UserErrorException, IOException, InterruptedException {
        return repositoryName(repository);
    }

    @Override
    void releaseResources() {
        ScheduledFuture<?> scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        AwaitRegistrations all = registrations;
        if (all != null) {
            all.unregister();
        }
    }

    @CheckForNull
    @Override
    public String getStatus() {
        if (failures != null) {
            return "rolling back";
        }
        // Created on demand, since thousands of steps may wait and few are displayed.
        AwaitRegistrations all = registrations;
        String reason = all == null ? "" : all.reason(awaited);
        return "waiting" + (reason.isEmpty() ? "" : " for " + reason) + " (timeout " + timeout + " from "
                + Instant.ofEpochMilli(startedAt) + ")";
    }
}
