package io.jenkins.plugins.gitops.core.git.remote;

import java.time.Duration;

/**
 * Options of a {@link io.jenkins.plugins.gitops.core.git.ConfigRepository} for its remote.
 *
 * @param deadline how long a change is retried while the remote is unavailable or concurrent pushes keep winning
 * @param timeout how long to wait for data from the remote
 * @param filesAllowed whether the URL may be {@code file:} or a local path; never for a URL that a Jenkins user entered
 * @param firstPause delay before the first retry; doubles with each further one
 * @param longestPause maximum delay, unless the remote requests a longer one with {@code Retry-After}
 * @param planTime time limit for planning one change
 * @param limits for what is fetched from the remote
 * @param http proxy and trusted certificates of https connections
 * @param depth minimum number of generations of commits in a new clone; 0 for the whole history. Later fetches add to
 *     them.
 */
public record GitOptions(
        Duration deadline,
        Duration timeout,
        boolean filesAllowed,
        Duration firstPause,
        Duration longestPause,
        Duration planTime,
        FetchLimits limits,
        HttpRouting http,
        int depth) {
    /** 10 min, 20 s, no local paths, delays from 1 s to 30 s, 20 s for planning, default limits. */
    public static final GitOptions DEFAULT = new GitOptions(Duration.ofMinutes(10), Duration.ofSeconds(20), false);

    /** With the default delays and limits. */
    public GitOptions(Duration deadline, Duration timeout, boolean filesAllowed) {
        this(
                deadline,
                timeout,
                filesAllowed,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                FetchLimits.DEFAULT,
                HttpRouting.DEFAULT,
                0);
    }

    /** A copy that allows local paths, for the command line and for tests. */
    public GitOptions withFiles() {
        return new GitOptions(deadline, timeout, true, firstPause, longestPause, planTime, limits, http, depth);
    }

    /** A copy with other delays between retries. */
    public GitOptions withPauses(Duration first, Duration longest) {
        return new GitOptions(deadline, timeout, filesAllowed, first, longest, planTime, limits, http, depth);
    }

    /** A copy with another time limit for planning. */
    public GitOptions withPlanTime(Duration time) {
        return new GitOptions(deadline, timeout, filesAllowed, firstPause, longestPause, time, limits, http, depth);
    }

    /** A copy with other limits for what is fetched. */
    public GitOptions withLimits(FetchLimits others) {
        return new GitOptions(deadline, timeout, filesAllowed, firstPause, longestPause, planTime, others, http, depth);
    }

    /** A copy with another routing of https connections. */
    public GitOptions withHttp(HttpRouting routing) {
        return new GitOptions(
                deadline, timeout, filesAllowed, firstPause, longestPause, planTime, limits, routing, depth);
    }

    /** A copy with a limited history. */
    public GitOptions withDepth(int generations) {
        return new GitOptions(
                deadline, timeout, filesAllowed, firstPause, longestPause, planTime, limits, http, generations);
    }
}
