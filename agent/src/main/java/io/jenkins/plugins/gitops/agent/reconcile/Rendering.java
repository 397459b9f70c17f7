package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.reconcile.RenderThreads.Lane;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * The desired state of an application, rendered again only when something that was read for it changed. What is refused at one
 * revision is refused there without another try until its {@link RenderPause} is over. Of one thread at a time.
 */
final class Rendering {
    private final Renderer renderer;
    private final RenderThreads threads;
    private final Clock clock;
    /** Null while nothing is rendered. */
    private Future<Attempt> running;
    /** The last one that ended; null before the first. */
    private Attempt last;

    /**
     * One rendering that ended.
     *
     * @param reads what was read; null when it failed
     * @param state what was rendered; null when it failed
     * @param failure why it failed; null when it did not
     */
    private record Attempt(
            String revision,
            ApplicationSpec spec,
            RenderPause pause,
            @CheckForNull Reads reads,
            @CheckForNull DesiredState state,
            @CheckForNull Throwable failure) {
        boolean isOf(Tip tip, ApplicationSpec wanted) {
            return revision.equals(tip.revision()) && spec.equals(wanted);
        }

        /** Whether trying the same again would fail again. */
        boolean isRefused() {
            return failure instanceof RefusedException;
        }

        DesiredState get() throws RefusedException, IOException {
            if (failure instanceof RefusedException refused) {
                throw refused;
            }
            if (failure instanceof IOException unreadable) {
                throw unreadable;
            }
            if (failure != null) {
                throw new IllegalStateException("the rendering failed", failure);
            }
            return state;
        }

        Attempt at(String newer) {
            return new Attempt(newer, spec, pause, reads, state, failure);
        }
    }

    Rendering(Renderer renderer, RenderThreads threads, Clock clock) {
        this.renderer = renderer;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * The desired state at a revision. It is never waited for: its threads say when they are done.
     *
     * @return empty while it is being rendered
     * @throws RefusedException when the folder cannot be rendered, renders what is not supported, or may not be rendered yet
     */
    Optional<DesiredState> at(Tip tip, String application, ApplicationSpec wanted)
            throws RefusedException, IOException {
        if (running != null && !running.isDone()) {
            return Optional.empty();
        }
        takeResult();
        if (!isKnown(tip, wanted)) {
            requireNoPause(tip, wanted);
            running = threads.submit(lane(application, tip), application, () -> attempt(tip, application, wanted));
            if (!running.isDone()) {
                return Optional.empty();
            }
            takeResult();
        }
        return Optional.of(last.get());
    }

    private void takeResult() throws IOException {
        if (running == null) {
            return;
        }
        try {
            last = running.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the rendering failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the agent stops");
        } finally {
            running = null;
        }
    }

    /** Whether the last rendering says what this revision holds. */
    private boolean isKnown(Tip tip, ApplicationSpec wanted) throws IOException {
        if (last == null || !last.spec().equals(wanted)) {
            return false;
        }
        if (last.failure() != null) {
            return last.isRefused()
                    && last.isOf(tip, wanted)
                    && clock.instant().isBefore(last.pause().until(true));
        }
        if (!last.isOf(tip, wanted)) {
            if (!last.reads().holdFor(tip.files())) {
                return false;
            }
            last = last.at(tip.revision());
        }
        return true;
    }

    private void requireNoPause(Tip tip, ApplicationSpec wanted) throws RefusedException {
        if (last == null) {
            return;
        }
        Instant until = last.pause().until(last.isOf(tip, wanted));
        if (clock.instant().isBefore(until)) {
            throw new RefusedException(
                    wanted.path() + " took " + last.pause().took().toSeconds()
                            + " seconds to render, so it is rendered again at " + until.truncatedTo(ChronoUnit.SECONDS),
                    "Make it simpler, or wait");
        }
    }

    private Lane lane(String application, Tip tip) {
        if (renderer.isSuspect(application, tip.revision())) {
            return Lane.SLOW;
        }
        return last == null ? Lane.NEW : last.pause().tookLong() ? Lane.SLOW : Lane.QUICK;
    }

    /** Never throws, since how long it took counts whatever came of it. */
    private Attempt attempt(Tip tip, String application, ApplicationSpec wanted) {
        Instant start = clock.instant();
        RecordingTree tree = new RecordingTree(tip.files());
        try {
            List<Map<String, Object>> manifests = renderer.render(application, tip.revision(), tree, wanted.path());
            if (manifests.isEmpty() && !wanted.allowEmpty()) {
                throw EmptyFolder.refusal(tree, wanted.path());
            }
            DesiredState rendered = DesiredState.of(application, wanted, manifests);
            return new Attempt(tip.revision(), wanted, pause(start, false), tree.reads(), rendered, null);
        } catch (RefusedException e) {
            return new Attempt(tip.revision(), wanted, pause(start, true), null, null, e);
        } catch (IOException | RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            return new Attempt(tip.revision(), wanted, pause(start, false), null, null, e);
        }
    }

    private RenderPause pause(Instant start, boolean refused) {
        Instant end = clock.instant();
        return new RenderPause(end, Duration.between(start, end), refused);
    }
}
