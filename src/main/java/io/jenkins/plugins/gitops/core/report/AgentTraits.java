package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;

/**
 * The properties of one kind of agent: how its statuses are interpreted, and whether it accepts sync requests. The
 * defaults apply to most kinds. All code that depends on the kind uses this interface.
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

    /** The kind with these traits. */
    AgentKind kind();

    /** How often a wait is decided again without an update; null if every change is reported. */
    @CheckForNull
    default Duration recheckInterval() {
        return null;
    }

    /** Whether the status is polled, so that only the next request shows a change. */
    default boolean isPolled() {
        return false;
    }

    /** Whether the status is reported at intervals, even without a change. */
    default boolean isRepeated() {
        return true;
    }

    /** Whether an observer in the cluster may report the same objects as the agent itself. */
    default boolean isObservable() {
        return true;
    }

    /**
     * Whether one comparison writes sync, health and images. Then a comparison that started during a sync and found
     * what the sync applies has seen the state after it.
     */
    default boolean comparesAtOnce() {
        return false;
    }

    /** Whether a comparison error counts only after another comparison has found it too. */
    default boolean needsSecondComparison() {
        return false;
    }

    /** Whether an image in the manifest of the agent's own object must first arrive in the live object. */
    default boolean readsImagesFromItsObject() {
        return false;
    }

    /** How long a live state must last if the image is not known to run. */
    default Duration liveConfirmation() {
        return Duration.ZERO;
    }

    /**
     * How long a Degraded state must last.
     *
     * @param observed whether an observer in the cluster reports it
     */
    Duration degradedConfirmation(boolean observed);

    /**
     * How long a failed sync must last.
     *
     * @param retries the number of retries that were made
     */
    Duration failureConfirmation(int retries);

    /** How long after a change a status may still describe the state before it. */
    default Duration newsDelay() {
        return Duration.ZERO;
    }

    /** The verb for following a branch, for messages such as {@code NAME follows BRANCH}. */
    default String follows() {
        return "follows";
    }

    /** How to make unknown health known, as a suffix for a message. */
    default String healthHint(ApplicationStatus status) {
        return "; wait for it with healthy: false if that is intended";
    }

    /**
     * Checks that Jenkins may request a sync from an agent of this kind.
     *
     * @param agent its name
     * @throws UserErrorException if it may not, as for all kinds except our own
     */
    default void requireSync(Target target, String agent) throws UserErrorException {
        throw new UserErrorException(
                target.id() + " is deployed by " + kind().displayName() + " " + agent
                        + ", whose status Jenkins can only read",
                "Turn automated sync on, or sync it there");
    }

    /**
     * Checks that an observer may request a sync from the agent that it observes.
     *
     * @param observer its name
     * @param prune whether resources that were removed from Git are to be deleted
     * @param readOnly whether the observer has no write permission
     * @throws UserErrorException if it may not
     */
    void requireObserverSync(Target target, String observer, boolean prune, boolean readOnly) throws UserErrorException;
}
