package io.jenkins.plugins.gitops.core.git;

import java.time.Duration;

/**
 * How a {@link ConfigRepository} behaves towards its remote.
 *
 * @param deadline how long a group of changes is tried again while others keep pushing; the attempt under way is finished
 * @param timeout how long the remote may stay silent
 * @param filesAllowed whether the URL may be {@code file:} or a local path; never for a URL that a user of Jenkins typed
 */
public record GitOptions(Duration deadline, Duration timeout, boolean filesAllowed) {
    /** 60 s, 20 s, no local paths. */
    public static final GitOptions DEFAULT = new GitOptions(Duration.ofSeconds(60), Duration.ofSeconds(20), false);

    /** These with local paths allowed, for the command line and for tests. */
    public GitOptions withFiles() {
        return new GitOptions(deadline, timeout, true);
    }
}
