package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;

/**
 * What is special about one kind of agent: how its statuses are to be read, and whether it can be asked to sync. What most
 * kinds have in common is the default; everything that decides by the kind asks here.
 */
public interface AgentTraits {
    /** The traits of a kind. */
    static AgentTraits of(AgentKind kind) {
        return switch (kind) {
            case AGENT -> OwnAgentTraits.INSTANCE;
            case ARGO_CD -> ArgoCdTraits.INSTANCE;
            case FLUX -> FluxTraits.INSTANCE;
        };
    }

    /** The kind whose traits these are. */
    AgentKind kind();

    /** How often a wait is decided again without news; null where every change is reported. */
    @CheckForNull
    default Duration recheckInterval() {
        return null;
    }

    /** Whether the status is requested, so that only the next request shows a change. */
    default boolean isPolled() {
        return false;
    }

    /** Whether the status is reported at intervals, changed or not. */
    default boolean isRepeated() {
        return true;
    }

    /** Whether an observer in the cluster may report the same objects as the agent itself. */
    default boolean isObservable() {
        return true;
    }

    /**
     * Whether sync, health and images are written by one comparison, so that one that began during a sync and found what
     * the sync applies saw the state after it.
     */
    default boolean comparesAtOnce() {
        return false;
    }

    /** Whether an error of a comparison counts only when another comparison found it too. */
    default boolean needsSecondComparison() {
        return false;
    }

    /** Whether an image that is set in the manifest of the agent's own object has to arrive in the live object first. */
    default boolean readsImagesFromItsObject() {
        return false;
    }

    /** For how long a live state has to be seen when the image is not known to run. */
    default Duration liveConfirmation() {
        return Duration.ZERO;
    }

    /**
     * For how long a Degraded state has to be seen.
     *
     * @param observed whether an observer in the cluster reports it
     */
    Duration degradedConfirmation(boolean observed);

    /**
     * For how long a failed sync has to be seen.
     *
     * @param retries that were used up
     */
    Duration failureConfirmation(int retries);

    /** For how long after a change a status may still be the one of before the change. */
    default Duration newsDelay() {
        return Duration.ZERO;
    }

    /** How its object names the branch that it follows, to be followed by the name. */
    default String follows() {
        return "follows";
    }

    /** How health becomes known when it is not, to be appended to a message. */
    default String healthHint(ApplicationStatus status) {
        return "; wait for it with healthy: false if that is intended";
    }

    /**
     * Checks that Jenkins may ask an agent of this kind to sync.
     *
     * @param agent its name
     * @throws UserErrorException when it may not, as with all kinds but our own
     */
    default void requireSync(Target target, String agent) throws UserErrorException {
        throw new UserErrorException(
                target.id() + " is deployed by " + kind().displayName() + " " + agent
                        + ", whose status Jenkins can only read",
                "Turn automated sync on, or sync it there");
    }

    /**
     * Checks that an observer may ask what it observes to sync.
     *
     * @param observer its name
     * @param prune whether resources that Git no longer has are to be deleted
     * @param readOnly whether the observer may write nothing
     * @throws UserErrorException when it may not
     */
    void requireObserverSync(Target target, String observer, boolean prune, boolean readOnly) throws UserErrorException;
}
