package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * Where a change comes from; goes into its trailers.
 *
 * @param operationId the same operation never commits twice
 * @param build what made it, for example a build's URL; null outside a build
 * @param requestedBy id of the person who asked
 * @param reason why; null when none was given
 */
public record Origin(
        String operationId,
        @CheckForNull String build,
        String requestedBy,
        @CheckForNull String reason) {}
