package io.jenkins.plugins.gitops.core.git.remote;

import java.time.Duration;

/**
 * The most that is taken from a remote: what somebody pushes there must not fill the disk or the memory of this process.
 *
 * @param packBytes of all that one fetch brings, as it is sent
 * @param objectBytes of one file, folder or commit, uncompressed
 * @param objects that one fetch brings
 * @param time that one fetch takes in all
 */
public record FetchLimits(long packBytes, long objectBytes, long objects, Duration time) {
    /** 2 GiB, 100 MiB, 5,000,000 objects, 15 min: far above any repository of manifests. */
    public static final FetchLimits DEFAULT = new FetchLimits(2L << 30, 100L << 20, 5_000_000, Duration.ofMinutes(15));
}
