package io.jenkins.plugins.gitops.core.render.source;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.time.Duration;

/**
 * What one rendering may cost, so that no committer can take the memory or the time of others: bases that include each other
 * twice on each level double with every level. Not safe for use by several threads at once.
 */
public final class RenderBudget {
    /** Bases below bases. */
    static final int MAX_DEPTH = 50;
    /** Kustomizations, each counted as often as it is included. */
    static final int MAX_KUSTOMIZATIONS = 10_000;
    /** Objects, each counted as often as it is read. */
    static final int MAX_OBJECTS = 20_000;
    /**
     * Of all objects together, anchors resolved; see {@link
     * io.jenkins.plugins.gitops.core.render.yaml.YamlValue#weight}.
     */
    public static final long MAX_WEIGHT = 32L << 20;
    /** Argo CD gives {@code kustomize build} 90 seconds. */
    private static final Duration TIME = Duration.ofSeconds(90);

    private final long end;
    private int kustomizations;
    private int objects;
    private long weight;

    /**
     * @param time until the rendering is refused
     */
    RenderBudget(Duration time) {
        this.end = System.nanoTime() + time.toNanos();
    }

    /** Of a rendering that begins now. */
    public static RenderBudget start() {
        return new RenderBudget(TIME);
    }

    /** @throws UserErrorException when the time is over, or the thread was interrupted */
    public void checkTime(SourceLocation at) throws UserErrorException {
        if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
            throw new UserErrorException(
                    at,
                    "rendering took longer than " + TIME.toSeconds() + " seconds",
                    "Make the kustomization simpler");
        }
    }

    /** @param depth bases above this one */
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

    /** @param more the weight of the object */
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
