package io.jenkins.plugins.gitops.core.git;

import java.util.Optional;

/**
 * A commit that changed one file.
 *
 * @param content what the file held from then on; empty when the commit removed it, or it is too large to be read
 */
public record FileVersion(CommitInfo commit, Optional<byte[]> content) {}
