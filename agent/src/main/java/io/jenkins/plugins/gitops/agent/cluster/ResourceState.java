package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;

/**
 * One resource of an application in Git and in the cluster.
 *
 * @param desired null if it was removed from Git
 * @param id null while the cluster does not know the kind
 * @param live null if it does not exist in the cluster, or is not tracked
 * @param assessment health with its reason; null if it is not live
 * @param message why it differs or cannot be applied, in the server's words; null if there is nothing to report
 */
public record ResourceState(
        @CheckForNull DesiredObject desired,
        @CheckForNull ObjectId id,
        @CheckForNull LiveObject live,
        Difference difference,
        @CheckForNull HealthStatus assessment,
        @CheckForNull String message) {

    /** The difference between Git and the cluster. */
    public enum Difference {
        SAME,
        MISSING,
        CHANGED,
        /** Tracked to the application, and no longer in Git. */
        REQUIRES_PRUNING,
        /** Like {@link #REQUIRES_PRUNING}, but kept according to its annotation or the application's sync options. */
        KEPT,
        /** Not applied or pruned before other applications were rendered, since they may have it in Git. */
        UNDECIDED,
        /** Like {@link #REQUIRES_PRUNING}, but an application that cannot be rendered may have it in Git. */
        WITHHELD,
        /** Not applied: it belongs to another application, or the manifest is invalid. */
        REFUSED,
        /** The manifest is valid, but the server does not accept the change now. Does not block other resources. */
        DENIED,
        /** Not applied: the agent's configuration does not permit it. */
        NOT_PERMITTED,
        /** The server rejects the update of the live object, and would accept it as a new one. */
        IMMUTABLE
    }

    /** {@code Deployment payments-api}. */
    public String label() {
        return id != null ? id.toString() : String.valueOf(desired);
    }

    /** Kind, as manifests write it. */
    public String kindName() {
        return id != null ? id.kind().kind() : desired == null ? "" : desired.kindName();
    }

    /** Name of the object. */
    public String name() {
        return id != null ? id.name() : desired == null ? "" : desired.name();
    }

    /** Whether it cannot be applied, as far as is known. */
    boolean isRefused() {
        return switch (difference) {
            case REFUSED, DENIED, IMMUTABLE -> true;
            default -> false;
        };
    }

    ResourceState withLive(LiveObject other) {
        return new ResourceState(desired, id, other, difference, assessment, message);
    }

    ResourceState withDifference(Difference other, @CheckForNull String why) {
        return new ResourceState(desired, id, live, other, assessment, why);
    }

    /** Returns a copy with another message. */
    public ResourceState withMessage(String what) {
        return new ResourceState(desired, id, live, difference, assessment, what);
    }
}
