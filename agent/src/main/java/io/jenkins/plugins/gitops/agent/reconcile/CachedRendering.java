package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.reconcile.RenderThreads.Lane;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
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
 * The desired state of an application, rendered again only if one of its inputs has changed. A revision that cannot be
 * rendered is not tried again until its {@link RenderPause} is over. Not thread-safe.
 */
final class CachedRendering {
    private final Renderer renderer;
    private final RenderThreads threads;
    private final Clock clock;
    /** Null while no rendering is running. */
    private Future<Attempt> running;
    /** The last completed rendering; null before the first. */
    private Attempt last;

    /**
     * A completed rendering.
     *
     * @param reads its inputs; null if it failed
     * @param state the result; null if it failed
     * @param failure why it failed; null if it did not
     */
    private record Attempt(
            String revision,
            ApplicationSpec spec,
            RenderPause pause,
            @CheckForNull ReadInputs reads,
            @CheckForNull DesiredState state,
            @CheckForNull Throwable failure) {
        boolean isOf(RevisionTree revisionTree, ApplicationSpec wanted) {
            return revision.equals(revisionTree.revision()) && spec.equals(wanted);
        }

        /** Whether another attempt with the same inputs would fail again. */
        boolean isRefused() {
            return failure instanceof UserErrorException;
        }

        DesiredState get() throws UserErrorException, IOException {
            if (failure instanceof UserErrorException refused) {
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

    CachedRendering(Renderer renderer, RenderThreads threads, Clock clock) {
        this.renderer = renderer;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * The desired state at a revision. Never blocks; the render threads notify when they are done.
     *
     * @return empty while it is being rendered
     * @throws UserErrorException if the folder cannot be rendered, contains something unsupported, or may not be
     *     rendered yet
     */
    Optional<DesiredState> get(RevisionTree revisionTree, String application, ApplicationSpec wanted)
            throws UserErrorException, IOException {
        if (running != null && !running.isDone()) {
            return Optional.empty();
        }
        takeResult();
        if (!isKnown(revisionTree, wanted)) {
            requireNoPause(revisionTree, wanted);
            running = threads.submit(
                    lane(application, revisionTree), application, () -> attempt(revisionTree, application, wanted));
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

    /** Whether the last rendering is valid for this revision. */
    private boolean isKnown(RevisionTree revisionTree, ApplicationSpec wanted) throws IOException {
        if (last == null || !last.spec().equals(wanted)) {
            return false;
        }
        if (last.failure() != null) {
            return last.isRefused()
                    && last.isOf(revisionTree, wanted)
                    && clock.instant().isBefore(last.pause().until(true));
        }
        if (!last.isOf(revisionTree, wanted)) {
            if (!last.reads().areUnchangedIn(revisionTree.files())) {
                return false;
            }
            last = last.at(revisionTree.revision());
        }
        return true;
    }

    private void requireNoPause(RevisionTree revisionTree, ApplicationSpec wanted) throws UserErrorException {
        if (last == null) {
            return;
        }
        Instant until = last.pause().until(last.isOf(revisionTree, wanted));
        if (clock.instant().isBefore(until)) {
            throw new UserErrorException(
                    wanted.path() + " took " + last.pause().took().toSeconds()
                            + " seconds to render, so it is rendered again at " + until.truncatedTo(ChronoUnit.SECONDS),
                    "Make it simpler, or wait");
        }
    }

    private Lane lane(String application, RevisionTree revisionTree) {
        if (renderer.isSuspect(application, revisionTree.revision())) {
            return Lane.SLOW;
        }
        return last == null ? Lane.NEW : last.pause().tookLong() ? Lane.SLOW : Lane.QUICK;
    }

    /** Never throws, since the duration of a failed attempt counts, too. */
    private Attempt attempt(RevisionTree revisionTree, String application, ApplicationSpec wanted) {
        Instant start = clock.instant();
        RecordingTree tree = new RecordingTree(revisionTree.files());
        try {
            List<Map<String, Object>> manifests =
                    renderer.render(application, revisionTree.revision(), tree, wanted.path());
            if (manifests.isEmpty() && !wanted.allowEmpty()) {
                throw EmptyRenderGuard.refusal(tree, wanted.path());
            }
            DesiredState rendered = DesiredState.of(application, wanted, manifests);
            return new Attempt(revisionTree.revision(), wanted, pause(start, false), tree.reads(), rendered, null);
        } catch (UserErrorException e) {
            return new Attempt(revisionTree.revision(), wanted, pause(start, true), null, null, e);
        } catch (IOException | RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            return new Attempt(revisionTree.revision(), wanted, pause(start, false), null, null, e);
        }
    }

    private RenderPause pause(Instant start, boolean refused) {
        Instant end = clock.instant();
        return new RenderPause(end, Duration.between(start, end), refused);
    }
}
