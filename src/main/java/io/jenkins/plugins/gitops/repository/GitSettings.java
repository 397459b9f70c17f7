package io.jenkins.plugins.gitops.repository;

import io.jenkins.plugins.gitops.core.git.remote.FetchLimits;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import java.time.Duration;
import jenkins.util.SystemProperties;

/** Options of the clones for their remotes: the defaults, unless overridden by a system property. */
final class GitSettings {
    private static final String PREFIX = GitSettings.class.getName() + ".";
    /** How long a change is retried while the Git host is unavailable, in seconds. */
    static final String RETRY_SECONDS = PREFIX + "retrySeconds";
    /** Time limit for planning one change, in seconds. */
    static final String PLAN_SECONDS = PREFIX + "planSeconds";
    /** Maximum size of one fetch, in MiB. */
    static final String FETCH_MEBIBYTES = PREFIX + "fetchMebibytes";

    static final String OBJECT_MEBIBYTES = PREFIX + "objectMebibytes";
    static final String FETCH_OBJECTS = PREFIX + "fetchObjects";
    static final String FETCH_SECONDS = PREFIX + "fetchSeconds";

    private GitSettings() {}

    static GitOptions options() {
        GitOptions usual = GitOptions.DEFAULT;
        FetchLimits limits = usual.limits();
        return new GitOptions(
                seconds(RETRY_SECONDS, usual.deadline()),
                usual.timeout(),
                false,
                usual.firstPause(),
                usual.longestPause(),
                seconds(PLAN_SECONDS, usual.planTime()),
                new FetchLimits(
                        SystemProperties.getLong(FETCH_MEBIBYTES, limits.packBytes() >> 20) << 20,
                        SystemProperties.getLong(OBJECT_MEBIBYTES, limits.objectBytes() >> 20) << 20,
                        SystemProperties.getLong(FETCH_OBJECTS, limits.objects()),
                        seconds(FETCH_SECONDS, limits.time())),
                new JenkinsHttpRouting(),
                usual.depth());
    }

    private static Duration seconds(String property, Duration usual) {
        return Duration.ofSeconds(SystemProperties.getLong(property, usual.toSeconds()));
    }
}
