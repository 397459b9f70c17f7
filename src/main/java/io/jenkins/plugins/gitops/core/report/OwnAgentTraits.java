package io.jenkins.plugins.gitops.core.report;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import java.time.Duration;

/** Our own agent: reports at intervals, and receives sync requests in the response to a report. */
final class OwnAgentTraits implements AgentTraits {
    static final OwnAgentTraits INSTANCE = new OwnAgentTraits();

    /** Reading the objects may return a state from before the sync. */
    private static final Duration TWO_LOOKS = Duration.ofSeconds(3);
    /** Satisfied by the next report. */
    private static final Duration SECOND_REPORT = Duration.ofMillis(500);

    private OwnAgentTraits() {}

    @Override
    public AgentKind kind() {
        return AgentKind.AGENT;
    }

    /** The agent reports its own applications; nothing observes it. */
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
        // Our own agent accepts sync requests, so there is nothing to reject.
    }

    @Override
    public void requireObserverSync(Target target, String observer, boolean prune, boolean readOnly) {
        // It takes requests.
    }
}
