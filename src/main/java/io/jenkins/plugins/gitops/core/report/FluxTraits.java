package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;

/**
 * Flux: known from its events, which may get lost, or read in the cluster by an observer, which may request a
 * reconciliation.
 */
final class FluxTraits implements AgentTraits {
    static final FluxTraits INSTANCE = new FluxTraits();

    /** Flux sends no event while something keeps failing, or for a suspension; only elapsed time shows these. */
    private static final Duration SILENCE = Duration.ofSeconds(30);
    /** Since events may get lost, only one that arrives long after a change shows the state after it. */
    private static final Duration LOST_EVENTS = Duration.ofMinutes(2);
    /**
     * A Deployment that returns to an earlier ReplicaSet reports for a moment that the previous generation exceeded its
     * progress deadline. An observer that reads the objects may see that; Flux waits for health before it sends an
     * event.
     */
    private static final Duration TWO_LOOKS = Duration.ofSeconds(3);

    private static final String RELEASE = "HelmRelease/";

    private FluxTraits() {}

    @Override
    public AgentKind kind() {
        return AgentKind.FLUX;
    }

    @Override
    public Duration recheckInterval() {
        return SILENCE;
    }

    /** Flux sends an event when something happens; silence means that nothing has changed. */
    @Override
    public boolean isRepeated() {
        return false;
    }

    @Override
    public Duration degradedConfirmation(boolean observed) {
        return observed ? TWO_LOOKS : Duration.ZERO;
    }

    @Override
    public Duration failureConfirmation(int retries) {
        return Duration.ZERO;
    }

    @Override
    public Duration newsDelay() {
        return LOST_EVENTS;
    }

    @Override
    public String healthHint(ApplicationStatus status) {
        // Events of a release do not contain the commit; those of the Kustomization that applies it do.
        if (status.name().startsWith(RELEASE)) {
            return "; name the Kustomization that applies it and give that spec.wait, or wait for it with healthy: false";
        }
        String message = status.message();
        if (message == null) {
            return "; " + FluxHealthHints.NEVER_CHECKED;
        }
        return message.isBlank() ? "" : ": " + message;
    }

    @Override
    public void requireObserverSync(Target target, String observer, boolean prune, boolean readOnly)
            throws UserErrorException {
        if (prune) {
            throw new UserErrorException(
                    target.id() + " is deployed by Flux, which decides itself what it prunes",
                    "Remove prune: true, or set spec.prune of the Kustomization");
        }
        if (readOnly) {
            throw new UserErrorException(
                    target.id() + " is deployed by Flux, and observer " + observer + " may not ask it to reconcile",
                    "Give it requestReconcile: true and the right to patch, or reconcile it there");
        }
    }
}
