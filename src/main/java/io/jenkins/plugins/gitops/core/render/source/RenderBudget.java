package io.jenkins.plugins.gitops.core.render.source;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.time.Duration;

/**
 * Limits the cost of one rendering, so that a committer cannot exhaust memory or time: for example, bases that include
 * each other twice on each level double with every level. Not thread-safe.
 */
public final class RenderBudget {
    /** The maximum nesting depth of bases. */
    static final int MAX_DEPTH = 50;
    /** The maximum number of kustomizations, each counted as often as it is included. */
    static final int MAX_KUSTOMIZATIONS = 10_000;
    /** The maximum number of objects, each counted as often as it is read. */
    static final int MAX_OBJECTS = 20_000;
    /**
     * The maximum weight of all objects together, with anchors resolved; see {@link
     * io.jenkins.plugins.gitops.core.render.yaml.YamlValue#weight}.
     */
    public static final long MAX_WEIGHT = 32L << 20;
    /** Argo CD's timeout for {@code kustomize build}. */
    private static final Duration TIME = Duration.ofSeconds(90);

    private final long end;
    private int kustomizations;
    private int objects;
    private long weight;

    /** @param time the time until the rendering is aborted */
    RenderBudget(Duration time) {
        this.end = System.nanoTime() + time.toNanos();
    }

    /** Starts the budget of a rendering. */
    public static RenderBudget start() {
        return new RenderBudget(TIME);
    }

    /** @throws UserErrorException if the time is over, or the thread was interrupted */
    public void checkTime(SourceLocation at) throws UserErrorException {
        if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
            throw new UserErrorException(
                    at,
                    "rendering took longer than " + TIME.toSeconds() + " seconds",
                    "Make the kustomization simpler");
        }
    }

    /**
     * Counts a kustomization.
     *
     * @param depth the number of bases above this one
     */
    public void kustomization(int depth, SourceLocation at) throws UserErrorException {
        checkTime(at);
        if (depth > MAX_DEPTH) {
            throw new UserErrorException(
                    at, "bases are nested deeper than " + MAX_DEPTH + " levels", "Refer to the last of them directly");
        }
        if (++kustomizations > MAX_KUSTOMIZATIONS) {
            throw new UserErrorException(
                    at,
                    "more than " + MAX_KUSTOMIZATIONS + " kustomizations are included, each counted every time",
                    "Include each base once");
        }
    }

    /**
     * Counts an object.
     *
     * @param more the weight of the object
     */
    public void object(long more, SourceLocation at) throws UserErrorException {
        weight += more;
        if (++objects > MAX_OBJECTS) {
            throw new UserErrorException(
                    at, "there are more than " + MAX_OBJECTS + " objects", "Split them into several applications");
        }
        if (weight > MAX_WEIGHT) {
            throw new UserErrorException(
                    at,
                    "the objects take more than " + (MAX_WEIGHT >> 20) + " MiB, anchors resolved",
                    "Split them into several applications, or use fewer aliases");
        }
    }
}
