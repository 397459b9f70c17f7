package io.jenkins.plugins.gitops.core.git.remote;

import java.time.Duration;

/**
 * Limits for what is fetched from a remote, so that its content cannot exhaust the disk or the memory of this process.
 *
 * @param packBytes total size of one fetch, as sent
 * @param objectBytes size of one file, folder or commit, uncompressed
 * @param objects number of objects in one fetch
 * @param time total duration of one fetch
 */
public record FetchLimits(long packBytes, long objectBytes, long objects, Duration time) {
    /** 2 GiB, 100 MiB, 5,000,000 objects, 15 min: far more than any repository of manifests needs. */
    public static final FetchLimits DEFAULT = new FetchLimits(2L << 30, 100L << 20, 5_000_000, Duration.ofMinutes(15));
}
