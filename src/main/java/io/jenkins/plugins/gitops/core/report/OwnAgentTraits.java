package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import java.time.Duration;

/** The agent of this project: reports at intervals, and is asked to sync in the response to a report. */
final class OwnAgentTraits implements AgentTraits {
    static final OwnAgentTraits INSTANCE = new OwnAgentTraits();

    /** A look at the objects may find a state of before. */
    private static final Duration TWO_LOOKS = Duration.ofSeconds(3);
    /** Any later report is the second one. */
    private static final Duration SECOND_REPORT = Duration.ofMillis(500);

    private OwnAgentTraits() {}

    @Override
    public AgentKind kind() {
        return AgentKind.AGENT;
    }

    /** It reports its own applications; nothing observes it. */
    @Override
    public boolean isObservable() {
        return false;
    }

    @Override
    public Duration degradedConfirmation(boolean observed) {
        return TWO_LOOKS;
    }

    @Override
    public Duration failureConfirmation(int retries) {
        return retries > 0 ? Duration.ZERO : SECOND_REPORT;
    }

    @Override
    public void requireSync(Target target, String agent) {
        // It takes requests.
    }

    @Override
    public void requireObserverSync(Target target, String observer, boolean prune, boolean readOnly) {
        // It takes requests.
    }
}
