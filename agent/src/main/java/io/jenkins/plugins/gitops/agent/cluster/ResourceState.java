package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;

/**
 * One resource of an application, Git's side and the cluster's.
 *
 * @param desired null for what Git no longer holds
 * @param id null while the cluster does not know the kind
 * @param live null when the cluster does not hold it, or it is nobody's there
 * @param assessment health with its reason; null when it is not live
 * @param message why it differs or cannot be applied, in the server's words; null when there is nothing to say
 */
public record ResourceState(
        @CheckForNull DesiredObject desired,
        @CheckForNull ObjectId id,
        @CheckForNull LiveObject live,
        Difference difference,
        @CheckForNull HealthStatus assessment,
        @CheckForNull String message) {

    /** How Git and the cluster differ. */
    public enum Difference {
        SAME,
        MISSING,
        CHANGED,
        /** Tracked to the application, and no longer in Git. */
        REQUIRES_PRUNING,
        /** Like {@link #REQUIRES_PRUNING}, but kept, as its annotation or the application's sync options say. */
        KEPT,
        /** Not to be applied or pruned before other applications were rendered, since they may hold it. */
        UNDECIDED,
        /** Like {@link #REQUIRES_PRUNING}, but an application that cannot be rendered may hold it. */
        WITHHELD,
        /** Not to be applied: it belongs to another application, or the manifest is not valid. */
        REFUSED,
        /** The manifest is valid, but the server does not accept the change now. No other resource waits for it. */
        DENIED,
        /** Not to be applied: the agent's configuration does not permit it. */
        NOT_PERMITTED,
        /** The server refuses to change the live object, and would accept it as a new one. */
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

    ResourceState withDifference(Difference other, @CheckForNull String why) {
        return new ResourceState(desired, id, live, other, assessment, why);
    }

    /** The same with another thing to say. */
    public ResourceState withMessage(String what) {
        return new ResourceState(desired, id, live, difference, assessment, what);
    }
}
