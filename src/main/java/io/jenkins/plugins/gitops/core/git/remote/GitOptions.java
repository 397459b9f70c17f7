package io.jenkins.plugins.gitops.core.git.remote;

import java.time.Duration;

/**
 * How a {@link io.jenkins.plugins.gitops.core.git.ConfigRepository} behaves towards its remote.
 *
 * @param deadline how long a change is tried again while the remote is in trouble or others keep pushing
 * @param timeout how long the remote may stay silent
 * @param filesAllowed whether the URL may be {@code file:} or a local path; never for a URL that a user of Jenkins typed
 * @param firstPause before the remote is tried again; each further one is twice as long
 * @param longestPause unless the remote asks for a longer one by {@code Retry-After}
 * @param planTime how long the planner of one change may think
 * @param limits of what is taken from the remote
 * @param http proxy and trusted certificates of https connections
 * @param depth how many generations of commits a new clone has at least; 0 for the whole history. Later fetches add to them.
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
    /** 10 min, 20 s, no local paths, from 1 s to 30 s, 20 s to plan, generous limits. */
    public static final GitOptions DEFAULT = new GitOptions(Duration.ofMinutes(10), Duration.ofSeconds(20), false);

    /** These with the usual pauses and limits. */
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

    /** These with local paths allowed, for the command line and for tests. */
    public GitOptions withFiles() {
        return new GitOptions(deadline, timeout, true, firstPause, longestPause, planTime, limits, http, depth);
    }

    /** These with other pauses between tries. */
    public GitOptions withPauses(Duration first, Duration longest) {
        return new GitOptions(deadline, timeout, filesAllowed, first, longest, planTime, limits, http, depth);
    }

    /** These with another time to plan a change. */
    public GitOptions withPlanTime(Duration time) {
        return new GitOptions(deadline, timeout, filesAllowed, firstPause, longestPause, time, limits, http, depth);
    }

    /** These with other limits of what is taken from the remote. */
    public GitOptions withLimits(FetchLimits others) {
        return new GitOptions(deadline, timeout, filesAllowed, firstPause, longestPause, planTime, others, http, depth);
    }

    /** These with other https connections. */
    public GitOptions withHttp(HttpRouting routing) {
        return new GitOptions(
                deadline, timeout, filesAllowed, firstPause, longestPause, planTime, limits, routing, depth);
    }

    /** These with a part of the history only. */
    public GitOptions withDepth(int generations) {
        return new GitOptions(
                deadline, timeout, filesAllowed, firstPause, longestPause, planTime, limits, http, generations);
    }
}
