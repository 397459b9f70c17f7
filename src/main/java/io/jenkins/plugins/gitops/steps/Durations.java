package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them in a Jenkinsfile. */
final class Durations {
    private static final Pattern MINUTES = Pattern.compile("[0-9]{1,6}");
    private static final Pattern PARTS =
            Pattern.compile("(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,7})s)?");

    private Durations() {}

    /**
     * Reads {@code 90s}, {@code 10m}, {@code 1h30m}, {@code 2d}, or a plain number of minutes.
     *
     * @throws RefusedException when it is none of these, or not longer than nothing
     */
    static Duration parse(String text) throws RefusedException {
        String trimmed = text.trim();
        Duration duration = Duration.ZERO;
        Matcher parts = PARTS.matcher(trimmed);
        if (MINUTES.matcher(trimmed).matches()) {
            duration = Duration.ofMinutes(Long.parseLong(trimmed));
        } else if (parts.matches()) {
            duration = Duration.ofDays(number(parts.group(1)))
                    .plusHours(number(parts.group(2)))
                    .plusMinutes(number(parts.group(3)))
                    .plusSeconds(number(parts.group(4)));
        }
        if (duration.isZero()) {
            throw new RefusedException(
                    "\"" + text + "\" is not a duration", "Write for example 90s, 10m, 1h30m, or a number of minutes");
        }
        return duration;
    }

    /**
     * For how long something has to be seen, within a timeout.
     *
     * @param stableFor null: once is enough
     * @throws RefusedException when one of them is not a duration, or it is longer than the timeout
     */
    static Duration stability(@CheckForNull String stableFor, String timeout) throws RefusedException {
        Duration stable = stableFor == null ? Duration.ZERO : parse(stableFor);
        if (stable.compareTo(parse(timeout)) > 0) {
            throw new RefusedException(
                    "stableFor " + stableFor + " is longer than the timeout " + timeout,
                    "Give a longer timeout, or a shorter stableFor");
        }
        return stable;
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** For people: {@code 1h30m}. */
    static String format(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), 'd');
        append(text, duration.toHoursPart(), 'h');
        append(text, duration.toMinutesPart(), 'm');
        append(text, duration.toSecondsPart(), 's');
        return text.length() == 0 ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long number, char unit) {
        if (number > 0) {
            text.append(number).append(unit);
        }
    }
}
