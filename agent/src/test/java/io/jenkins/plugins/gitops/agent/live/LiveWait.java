package io.jenkins.plugins.gitops.agent.live;

import static org.hamcrest.Matchers.any;

import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.CloneGitFacts;
import io.jenkins.plugins.gitops.core.await.CommitCache;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.StabilityWindow;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hamcrest.Matcher;

/**
 * One wait in a separate thread, decided as in Jenkins whenever the facts change and also every second, so that a wrong
 * verdict at any moment is found. It ends with the first final verdict. If that is live, the images in the cluster are
 * checked immediately.
 */
final class LiveWait implements AutoCloseable {
    private static final long POLL_MILLIS = 20;
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Expectation expectation;
    private final ConfigRepository clone;
    private final Function<Target, List<AgentSnapshot>> seen;
    private final Supplier<String> whyNotRunning;
    private final Runnable ended;
    private final Instant begun = Instant.now();
    private final List<String> progress = new ArrayList<>();
    private final Thread thread = new Thread(this::look, "live-wait");
    private Verdict last;
    private Instant reportedAt;
    private Throwable failure;

    LiveWait(
            Expectation expectation,
            ConfigRepository clone,
            Function<Target, List<AgentSnapshot>> seen,
            Supplier<String> whyNotRunning,
            Runnable ended) {
        this.expectation = expectation;
        this.clone = clone;
        this.seen = seen;
        this.whyNotRunning = whyNotRunning;
        this.ended = ended;
        thread.setDaemon(true);
        thread.start();
    }

    private void look() {
        StabilityWindow stabilityWindow = new StabilityWindow();
        CommitCache memory = new CommitCache();
        List<Object> known = List.of();
        Instant again = Instant.EPOCH;
        try {
            do {
                Instant now = Instant.now();
                List<AgentSnapshot> snapshots = seen.apply(expectation.target());
                List<Object> facts = List.of(
                        snapshots.stream().map(AgentSnapshot::withoutTimestamps).toList(), clone.tip());
                if (!facts.equals(known) || !now.isBefore(again)) {
                    known = facts;
                    again = now.plus(AGAIN);
                    Verdict verdict = AwaitDecision.decide(
                            expectation, snapshots, new CloneGitFacts(clone, expectation, memory), now);
                    tell(stabilityWindow.confirm(verdict, snapshots, expectation, now));
                }
                Thread.sleep(POLL_MILLIS);
            } while (!isOver());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            fail(e);
        } finally {
            ended.run();
        }
    }

    private void tell(Verdict verdict) {
        Instant now = Instant.now();
        String lie = verdict instanceof Verdict.Live ? whyNotRunning.get() : null;
        synchronized (this) {
            if (last == null || !verdict.summary().equals(last.summary())) {
                long millis = Duration.between(begun, now).toMillis();
                progress.add(String.format(
                        "%6.1f s %s: %s", millis / 1000.0, verdict.getClass().getSimpleName(), verdict.summary()));
            }
            last = verdict;
            reportedAt = now;
            notifyAll();
        }
        if (lie != null) {
            fail(new AssertionError("told to be live, but " + lie));
        }
    }

    private synchronized void fail(Throwable why) {
        failure = why;
        notifyAll();
    }

    private synchronized boolean isOver() {
        return failure != null || last != null && !(last instanceof Verdict.Waiting);
    }

    /**
     * Waits for the end.
     *
     * @throws AssertionError if the verdict is another one, is not in time, or is not true
     */
    <V extends Verdict> V until(Class<V> end) throws InterruptedException {
        awaitThat(this::isOver);
        Verdict verdict = verdict();
        if (!end.isInstance(verdict)) {
            throw new AssertionError("not " + end.getSimpleName() + ":\n" + story());
        }
        return end.cast(verdict);
    }

    /** Waits until the wait has this reason. */
    String untilWaiting(Matcher<String> reason) throws InterruptedException {
        awaitThat(() -> isOver() || last != null && reason.matches(last.summary()));
        Verdict verdict = verdict();
        if (!(verdict instanceof Verdict.Waiting)) {
            throw new AssertionError("not waiting any more:\n" + story());
        }
        return verdict.summary();
    }

    /**
     * Requires that the wait does not end for a while.
     *
     * @return the reason for waiting at the end of that time
     */
    String staysWaiting(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
        return untilWaiting(any(String.class));
    }

    private synchronized void awaitThat(Supplier<Boolean> condition) throws InterruptedException {
        Instant end = Instant.now().plus(TIMEOUT);
        while (!condition.get()) {
            long left = Duration.between(Instant.now(), end).toMillis();
            if (left <= 0) {
                throw new AssertionError("not in time:\n" + story());
            }
            wait(left);
        }
    }

    private synchronized Verdict verdict() {
        if (failure != null) {
            throw new AssertionError(failure.getMessage() + "\n" + story(), failure);
        }
        return last;
    }

    /** Returns the time of the last verdict. */
    synchronized Instant reportedAt() {
        return reportedAt;
    }

    /** Returns all verdicts so far, one per line, with the seconds since the beginning. */
    synchronized String story() {
        return String.join("\n", progress);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
