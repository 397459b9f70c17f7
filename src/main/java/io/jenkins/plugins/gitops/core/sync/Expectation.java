package io.jenkins.plugins.gitops.core.sync;

import io.jenkins.plugins.gitops.core.model.Target;

/**
 * What a wait waits for.
 *
 * @param target where
 * @param revision the commit that made the change, 40 hex digits
 * @param healthy whether it must be healthy too; false: applied is enough
 */
public record Expectation(Target target, String revision, boolean healthy) {}
