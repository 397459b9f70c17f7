package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import java.time.Instant;

/**
 * The last known status of a target, from its agent.
 *
 * @param kind the kind of the agent
 * @param agent the agent's name
 * @param receivedAt when its last status was received
 * @param stale whether it has not reported for so long that the status no longer counts
 * @param problem why it is unreachable, one line; null if it is not
 * @param lasting whether that problem does not go away by itself, so that waiting cannot help
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

    /** Creates a snapshot of our own agent. */
    public AgentSnapshot(String agent, Instant receivedAt, boolean stale, Report.ApplicationStatus status) {
        this(AgentKind.AGENT, agent, receivedAt, stale, null, status);
    }

    /** Creates a snapshot of an agent whose problem, if any, may go away by itself. */
    public AgentSnapshot(
            AgentKind kind,
            String agent,
            Instant receivedAt,
            boolean stale,
            @CheckForNull String problem,
            Report.ApplicationStatus status) {
        this(kind, agent, receivedAt, stale, problem, false, status);
    }

    /** The traits of the agent's kind. */
    public AgentTraits traits() {
        return AgentTraits.of(kind);
    }

    /**
     * Returns all that a decision depends on: two snapshots that are equal in this form lead to the same verdict at the
     * same tip. A heartbeat without a change is equal to the previous one.
     */
    public AgentSnapshot withoutTimestamps() {
        return new AgentSnapshot(
                kind, agent, stale ? receivedAt : Instant.EPOCH, stale, problem, lasting, status.withoutTimestamps());
    }
}
