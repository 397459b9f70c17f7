package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import java.time.Instant;

/**
 * What is known of a target from its agent.
 *
 * @param kind what the agent is
 * @param agent the agent's name
 * @param receivedAt when it was last heard of
 * @param stale whether it has been silent for too long to be believed
 * @param problem why it cannot be asked just now, one line; null when it can
 * @param lasting whether that problem does not go away by itself, so that waiting alone changes nothing
 * @param status the application that deploys the target
 */
public record AgentSnapshot(
        AgentKind kind,
        String agent,
        Instant receivedAt,
        boolean stale,
        @CheckForNull String problem,
        boolean lasting,
        Report.ApplicationStatus status) {

    /** Of the agent of this project. */
    public AgentSnapshot(String agent, Instant receivedAt, boolean stale, Report.ApplicationStatus status) {
        this(AgentKind.AGENT, agent, receivedAt, stale, null, status);
    }

    /** Of an agent whose problem, if it has one, may go away by itself. */
    public AgentSnapshot(
            AgentKind kind,
            String agent,
            Instant receivedAt,
            boolean stale,
            @CheckForNull String problem,
            Report.ApplicationStatus status) {
        this(kind, agent, receivedAt, stale, problem, false, status);
    }

    /** What is special about the agent's kind. */
    public AgentTraits traits() {
        return AgentTraits.of(kind);
    }

    /**
     * All that a decision depends on: two that are equal here lead to the same verdict at the same tip. A heartbeat that
     * brings nothing new is equal to the one before.
     */
    public AgentSnapshot withoutTimestamps() {
        return new AgentSnapshot(
                kind, agent, stale ? receivedAt : Instant.EPOCH, stale, problem, lasting, status.withoutTimestamps());
    }
}
