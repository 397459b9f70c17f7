package io.jenkins.plugins.gitops.core.git;

import java.time.Duration;

/** Times as people read them in a line of a log. */
final class Durations {
    private static final int MINUTE = 60;

    private Durations() {}

    /** Such as {@code 4 s} or {@code 2 min 30 s}; never less than one second. */
    static String text(Duration time) {
        long seconds = Math.max(1, (time.toMillis() + 500) / 1000);
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        long rest = seconds % MINUTE;
        return seconds / MINUTE + " min" + (rest == 0 ? "" : " " + rest + " s");
    }
}
