package io.jenkins.plugins.gitops.core.sync;

import java.time.Instant;

/**
 * What is known of a target from its agent.
 *
 * @param agent the agent's name
 * @param receivedAt when its last report came in
 * @param stale whether it has been silent for too long to be believed
 * @param status the application that deploys the target
 */
public record Snapshot(String agent, Instant receivedAt, boolean stale, Report.ApplicationStatus status) {}
