package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.model.Durations;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.Verdict;
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
 * Waits without a thread: what it waits for is {@link AwaitRegistrations registered}, and calls back when an agent reports or
 * Git moves. The deadline is fixed at the first start and holds over restarts. What failed is stored before it is rolled
 * back, so that after a restart the step goes on with the rollback.
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
    private final String stableFor;
    private final String onFailure;
    private final boolean healthy;
    /** Milliseconds since the epoch; the timeout counts from here. */
    private volatile long startedAt;
    /** Replaced, never changed; null until it is known what to wait for. */
    private volatile ArrayList<Awaited> awaited;
    /** Replaced, never changed; null until the wait was in vain. From then on nothing but its consequence matters. */
    private volatile ArrayList<Miss> missed;

    private transient volatile ScheduledFuture<?> timer;
    /** The one that is being rolled back. */
    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "null after a restart, so that the log says once more what is rolled back")
    private transient volatile Miss rollingBack;

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
    void starting() {
        startedAt = System.currentTimeMillis();
    }

    @Override
    void proceed() throws Exception {
        if (missed != null) {
            // Jenkins stopped between the end of the wait and the end of the step.
            conclude();
            return;
        }
        Duration patience = Durations.parse(timeout);
        Duration stable = GitopsAwaitSyncStep.stability(stableFor, timeout);
        boolean mayRollBack = OnFailure.of(onFailure) == OnFailure.ROLLBACK;
        if (mayRollBack && !isResumed()) {
            WriteAccess.requirePermission(run(), runsAs(), GitopsPermissions.ROLLBACK);
        }
        if (awaited != null) {
            await(awaited, patience, stable);
            return;
        }
        long end = startedAt + patience.toMillis();
        new AwaitedChanges(
                        run(),
                        runsAs(),
                        getContext().get(FlowNode.class),
                        app,
                        env,
                        revision,
                        repository,
                        r -> new PatientFetch(r, () -> hasEnded() || System.currentTimeMillis() > end, this::log)
                                .start())
                .find()
                .whenComplete((found, problem) -> {
                    if (problem == null) {
                        carryOn(() -> found(found, patience, stable));
                    } else {
                        fail(problem);
                    }
                });
    }

    private void found(List<Awaited> changes, Duration patience, Duration stable) throws Exception {
        ArrayList<Awaited> found = new ArrayList<>(changes);
        if (OnFailure.of(onFailure) == OnFailure.ROLLBACK) {
            // Check access up front: whoever waits with a net is to know that it holds.
            for (Awaited change : found) {
                OwnRollback.requireAccess(run(), runsAs(), change);
            }
        }
        awaited = found;
        getContext().saveState();
        await(found, patience, stable);
    }

    private void await(List<Awaited> changes, Duration patience, Duration stable) throws Exception {
        if (changes.stream().allMatch(Awaited::isLive)) {
            log(Messages.AwaitSyncExecution_Nothing());
            succeed(new WaitEnd(changes, List.of()).result());
            return;
        }
        pause(Messages.AwaitSyncExecution_Pause());
        if (!isResumed()) {
            log(Messages.AwaitSyncExecution_Waiting(Awaited.names(changes), timeout));
            logLinks(changes);
        }
        register(changes, stable);
        timer = Timer.get()
                .schedule(
                        () -> onPool(this::timedOut),
                        left(startedAt, patience, isResumed(), System.currentTimeMillis()),
                        TimeUnit.MILLISECONDS);
    }

    /** Where agents show the targets that are not live yet. */
    private void logLinks(List<Awaited> changes) {
        changes.stream().filter(change -> !change.isLive()).forEach(change -> change.links()
                .forEach(link -> log(change.repository, change.application(), change.environment(), link)));
    }

    private void register(List<Awaited> changes, Duration stable)
            throws RefusedException, IOException, InterruptedException {
        AwaitRegistrations all = new AwaitRegistrations(
                operation(),
                changes.size(),
                at -> onPool(() -> tellNews(at)),
                (verdict, at) -> onPool(() -> ended(at, verdict)));
        registrations = all;
        for (int i = 0; i < changes.size(); i++) {
            Awaited change = changes.get(i);
            if (!change.isLive()) {
                all.register(i, change.repository, change.expectation(healthy, change.since(run(), startedAt), stable));
            }
        }
    }

    /** @return milliseconds until the timeout counts */
    static long left(long startedAt, Duration patience, boolean resumed, long now) {
        long left = startedAt + patience.toMillis() - now;
        return Math.max(left, resumed ? GRACE.toMillis() : 0);
    }

    /** Threads of the pool overtake each other; lines must not. */
    private synchronized void tellNews(int at) {
        registrations.takeLines(at).forEach(line -> log(awaited.get(at), line));
    }

    private void ended(int at, Verdict verdict) throws Exception {
        tellNews(at);
        if (verdict instanceof Verdict.Live live) {
            live(at, live);
        } else if (verdict instanceof Verdict.Superseded) {
            // Not a failure of this build: newer work took its place, as when a milestone is passed.
            gone(at, ChangeRecord.Outcome.SUPERSEDED, Result.NOT_BUILT, verdict.summary());
        } else if (verdict instanceof Verdict.Reverted) {
            gone(at, ChangeRecord.Outcome.REVERTED, Result.FAILURE, verdict.summary());
        } else if (verdict instanceof Verdict.Failed failed) {
            miss(() -> List.of(new Miss(at, ChangeRecord.Outcome.FAILED, failed.summary(), Sight.of(failed))));
        } else {
            Sight sight = Sight.now(awaited.get(at));
            miss(() -> List.of(new Miss(at, ChangeRecord.Outcome.STALLED, verdict.summary(), sight)));
        }
    }

    private synchronized void live(int at, Verdict.Live verdict) {
        Awaited change = awaited.get(at);
        if (change.isLive() || missed != null) {
            return;
        }
        Sight sight = Sight.of(verdict, change);
        ArrayList<Awaited> next = new ArrayList<>(awaited);
        next.set(at, change.live(sight));
        awaited = next;
        log(change, verdict.summary());
        remember(change, ChangeRecord.Outcome.LIVE, verdict.summary(), sight);
        if (next.stream().allMatch(Awaited::isLive)) {
            succeed(new WaitEnd(next, List.of()).result());
        } else {
            getContext().saveState();
        }
    }

    /** Nothing of this change stands there any more, so there is nothing to take back either. */
    private void gone(int at, ChangeRecord.Outcome outcome, Result result, String summary) {
        List<Awaited> changes = awaited;
        if (missed == null) {
            Miss miss = new Miss(at, outcome, oneLine(summary), Sight.now(changes.get(at)));
            remember(changes.get(at), outcome, miss.summary, miss.sight);
            fail(new WaitEnd(changes, List.of(miss)).interruption(result));
        }
    }

    private void timedOut() throws Exception {
        miss(() -> {
            List<Miss> late = new ArrayList<>();
            List<Awaited> changes = awaited;
            for (int i = 0; i < changes.size(); i++) {
                if (!changes.get(i).isLive()) {
                    String summary = Messages.AwaitSyncExecution_Timeout(timeout, registrations.current(i));
                    Miss miss = new Miss(i, ChangeRecord.Outcome.TIMEOUT, summary, Sight.now(changes.get(i)));
                    late.add(registrations.isUnready(i) ? miss : miss.unproven());
                }
            }
            return late;
        });
    }

    /** The wait was in vain; the first time counts. */
    private void miss(Supplier<List<Miss>> what) throws Exception {
        List<Miss> misses;
        synchronized (this) {
            misses = missed == null && !hasEnded() ? what.get() : List.of();
            if (misses.isEmpty()) {
                return;
            }
            missed = new ArrayList<>(misses);
        }
        for (Miss miss : misses) {
            remember(awaited.get(miss.at), miss.outcome, miss.summary, miss.sight);
        }
        release();
        if (OnFailure.of(onFailure) == OnFailure.ROLLBACK) {
            // Stored before anything is written, so that a restart in between goes on here and does not wait again.
            getContext().saveState().addListener(() -> onPool(this::conclude), Runnable::run);
        } else {
            conclude();
        }
    }

    private void conclude() throws Exception {
        WaitEnd end = new WaitEnd(awaited, missed);
        switch (OnFailure.of(onFailure)) {
            case UNSTABLE -> unstable(end);
            case ROLLBACK -> rollBackNext();
            default -> fail(end.interruption(Result.FAILURE));
        }
    }

    private void unstable(WaitEnd end) throws Exception {
        String message = end.cause().getShortDescription();
        log(message);
        getContext().get(FlowNode.class).addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
        run().setResult(Result.UNSTABLE);
        succeed(end.result());
    }

    /** One after the other; what is done is stored before the next. */
    private void rollBackNext() throws Exception {
        List<Miss> misses = missed;
        Miss next = misses.stream().filter(m -> m.rollback == null).findFirst().orElse(null);
        if (next == null) {
            fail(new WaitEnd(awaited, misses).interruption(Result.FAILURE));
            return;
        }
        if (!next.isProven()) {
            boolean stalled = next.outcome == ChangeRecord.Outcome.STALLED;
            rolledBack(next, stalled ? Messages.OwnRollback_Stalled() : Messages.OwnRollback_Unproven(), null);
            return;
        }
        Awaited change = awaited.get(next.at);
        pause(Messages.AwaitSyncExecution_Pause());
        if (!next.equals(rollingBack)) {
            // Once, however often it is tried.
            rollingBack = next;
            log(change, Messages.AwaitSyncExecution_RollingBack(next.summary));
        }
        Run<?, ?> run = run();
        String reason = oneLine(change.id() + ": " + next.summary);
        try {
            new OwnRollback(run, runsAs(), requester(), origin(operation(next.at), reason))
                    .start(change, writing())
                    .whenComplete((words, problem) -> rolledBack(next, words, problem));
        } catch (RefusedException e) {
            rolledBack(next, null, e);
        }
    }

    /** Also when the build was aborted meanwhile: what stands in Git is told. */
    private void rolledBack(Miss miss, @CheckForNull String words, @CheckForNull Throwable problem) {
        if (problem != null && (isStopping() || writing().retry(problem, rollbackOf(miss), this::rollBackNext))) {
            // Not the end: it is tried again, when Git is back or after the start.
            return;
        }
        String told = words != null ? words : Messages.OwnRollback_Failed(reason(problem));
        if (problem != null) {
            LOGGER.log(Level.INFO, problem, () -> "cannot roll back for " + operation());
        }
        ArrayList<Miss> next = new ArrayList<>(missed);
        next.replaceAll(m -> m.at == miss.at ? m.rolledBack(told) : m);
        missed = next;
        log(awaited.get(miss.at), told);
        getContext().saveState();
        onPool(this::rollBackNext);
    }

    private String rollbackOf(Miss miss) {
        return Messages.AwaitSyncExecution_RollbackOf(awaited.get(miss.at).id());
    }

    private void log(Awaited change, String line) {
        log(change.repository, change.application(), change.environment(), line);
    }

    private void remember(Awaited change, ChangeRecord.Outcome outcome, String summary, Sight sight) {
        if (change.operation == null) {
            return;
        }
        long now = System.currentTimeMillis();
        try {
            DeliveryAction.ended(
                    run(), change.operation, new ChangeRecord.End(outcome, summary, sight, now, now - startedAt));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "no run for " + operation());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same for every try, and told apart from what other steps of the build write. */
    private String operation(int at) {
        return operation().replaceFirst("@(?=[^@]*$)", ".rollback" + at + "@");
    }

    @Override
    String meantRepository() throws RefusedException, IOException, InterruptedException {
        return repositoryName(repository);
    }

    @Override
    void release() {
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
        if (missed != null) {
            return "rolling back";
        }
        // Made when asked for, since thousands wait and few are looked at.
        AwaitRegistrations all = registrations;
        String reason = all == null ? "" : all.reason(awaited);
        return "waiting" + (reason.isEmpty() ? "" : " for " + reason) + " (timeout " + timeout + " from "
                + Instant.ofEpochMilli(startedAt) + ")";
    }
}
