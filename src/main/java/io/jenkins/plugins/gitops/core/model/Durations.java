package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them, and as Go does: {@code 1h30m}. */
public final class Durations {
    private static final Pattern MINUTES = Pattern.compile("[0-9]{1,6}");
    private static final Pattern PARTS =
            Pattern.compile("(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,7})s)?");

    private Durations() {}

    /**
     * Reads {@code 90s}, {@code 10m}, {@code 1h30m}, {@code 2d}, or a plain number of minutes.
     *
     * @throws UserErrorException when it is none of these, or not longer than nothing
     */
    public static Duration parse(String text) throws UserErrorException {
        String trimmed = text.trim();
        Duration duration = MINUTES.matcher(trimmed).matches()
                ? Duration.ofMinutes(Long.parseLong(trimmed))
                : ofUnits(trimmed).orElse(Duration.ZERO);
        if (duration.isZero()) {
            throw new UserErrorException(
                    "\"" + text + "\" is not a duration", "Write for example 90s, 10m, 1h30m, or a number of minutes");
        }
        return duration;
    }

    /** Reads whole numbers of units, the largest unit first; empty for any other text. */
    public static Optional<Duration> ofUnits(String text) {
        Matcher parts = PARTS.matcher(text);
        return parts.matches()
                ? Optional.of(Duration.ofDays(number(parts.group(1)))
                        .plusHours(number(parts.group(2)))
                        .plusMinutes(number(parts.group(3)))
                        .plusSeconds(number(parts.group(4))))
                : Optional.empty();
    }

    private static long number(@CheckForNull String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** For people: {@code 1h30m}. */
    public static String format(Duration duration) {
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
