package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.time.Duration;

/** Argo CD: polled by Jenkins, or read in the cluster by an observer. Jenkins may never sync it. */
final class ArgoCdTraits implements AgentTraits {
    static final ArgoCdTraits INSTANCE = new ArgoCdTraits();

    /**
     * Some resource kinds do not report the generation of their status, so that Argo CD may report the health from
     * before the sync. Two responses must agree.
     */
    private static final Duration TWO_ANSWERS = Duration.ofSeconds(3);

    private ArgoCdTraits() {}

    @Override
    public AgentKind kind() {
        return AgentKind.ARGO_CD;
    }

    @Override
    public boolean isPolled() {
        return true;
    }

    @Override
    public boolean comparesAtOnce() {
        return true;
    }

    @Override
    public boolean needsSecondComparison() {
        return true;
    }

    @Override
    public boolean readsImagesFromItsObject() {
        return true;
    }

    @Override
    public Duration liveConfirmation() {
        return TWO_ANSWERS;
    }

    @Override
    public Duration degradedConfirmation(boolean observed) {
        return TWO_ANSWERS;
    }

    @Override
    public Duration failureConfirmation(int retries) {
        return TWO_ANSWERS;
    }

    @Override
    public String follows() {
        return "has targetRevision";
    }

    /** An observer of Argo CD may never sync. */
    @Override
    public void requireObserverSync(Target target, String observer, boolean prune, boolean readOnly)
            throws UserErrorException {
        throw new UserErrorException(
                target.id() + " is deployed by Argo CD, which observer " + observer
                        + " can ask to compare, not to sync",
                "Turn automated sync on, or sync it there");
    }
}
