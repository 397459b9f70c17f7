package io.jenkins.plugins.gitops.core.git.remote;

import java.time.Duration;

/** Formats durations for people. */
public final class ReadableDuration {
    private static final int MINUTE = 60;

    private ReadableDuration() {}

    /** For example {@code 4 s} or {@code 2 min 30 s}; at least one second. */
    public static String text(Duration time) {
        long seconds = Math.max(1, (time.toMillis() + 500) / 1000);
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        long rest = seconds % MINUTE;
        return seconds / MINUTE + " min" + (rest == 0 ? "" : " " + rest + " s");
    }
}
