package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in a Jenkinsfile, and in Go's notation: {@code 1h30m}. */
public final class Durations {
    private static final Pattern MINUTES = Pattern.compile("[0-9]{1,6}");
    private static final Pattern PARTS =
            Pattern.compile("(?:([0-9]{1,4})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,7})s)?");

    /** As in the CRDs of Flux: {@code ^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$}. */
    private static final Pattern GO_PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h)");

    private Durations() {}

    /**
     * Parses {@code 90s}, {@code 10m}, {@code 1h30m}, {@code 2d}, or a plain number of minutes.
     *
     * @throws UserErrorException if it is none of these, or not positive
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

    /** Parses integers with units, the largest unit first; empty for any other text. */
    public static Optional<Duration> ofUnits(String text) {
        Matcher parts = PARTS.matcher(text);
        return parts.matches()
                ? Optional.of(Duration.ofDays(number(parts.group(1)))
                        .plusHours(number(parts.group(2)))
                        .plusMinutes(number(parts.group(3)))
                        .plusSeconds(number(parts.group(4))))
                : Optional.empty();
    }

    /**
     * Parses Go's notation, as in manifests of Argo CD and Flux: decimal numbers, each with a unit from ms to h, in any
     * order, such as {@code 1h30m} or {@code 1.5h}.
     *
     * @return in whole milliseconds; empty for any other text, and for less than one millisecond
     */
    public static Optional<Duration> ofGo(String text) {
        Matcher part = GO_PART.matcher(text);
        double millis = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            millis += Double.parseDouble(part.group(1)) * goUnit(part.group(2));
            end = part.end();
        }
        return end != text.length() || millis < 1 ? Optional.empty() : Optional.of(Duration.ofMillis((long) millis));
    }

    /** The unit in milliseconds. */
    private static long goUnit(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
    }

    private static long number(@CheckForNull String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** Formats a duration for messages: {@code 1h30m}. */
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
