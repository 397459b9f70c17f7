package io.jenkins.plugins.gitops.core.render.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts plain dates, which go-yaml 3 reads as timestamps and kustomize outputs as strings in RFC 3339. */
final class Timestamps {
    private static final Pattern FORMAT = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})"
            + "(?:([Tt ])(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:[.,](\\d+))?(Z|[-+]\\d\\d:\\d\\d)?)?");

    private Timestamps() {}

    /** The RFC 3339 form; null if the text is not a timestamp. */
    @CheckForNull
    static String toRfc3339(String text) {
        if (text.length() < 8 || text.charAt(4) != '-') {
            return null;
        }
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        LocalDate date;
        try {
            date = LocalDate.of(number(matcher, 1), number(matcher, 2), number(matcher, 3));
        } catch (DateTimeException e) {
            return null;
        }
        String day = String.format(
                Locale.ROOT, "%04d-%02d-%02dT", date.getYear(), date.getMonthValue(), date.getDayOfMonth());
        if (matcher.group(4) == null) {
            return day + "00:00:00Z";
        }
        boolean space = matcher.group(4).equals(" ");
        // With a space, the format has no time zone; with a T, the time zone is mandatory.
        if (space != (matcher.group(9) == null) || !inRange(matcher)) {
            return null;
        }
        return day
                + String.format(
                        Locale.ROOT, "%02d:%02d:%02d", number(matcher, 5), number(matcher, 6), number(matcher, 7))
                + fraction(matcher.group(8))
                + zone(matcher.group(9));
    }

    private static boolean inRange(Matcher matcher) {
        String zone = matcher.group(9);
        boolean zoneInRange = zone == null
                || zone.equals("Z")
                || Integer.parseInt(zone.substring(1, 3)) <= 24 && Integer.parseInt(zone.substring(4)) < 60;
        return number(matcher, 5) < 24 && number(matcher, 6) < 60 && number(matcher, 7) < 60 && zoneInRange;
    }

    /** The fraction of a second in nanoseconds, without trailing zeros. */
    private static String fraction(@CheckForNull String digits) {
        if (digits == null) {
            return "";
        }
        String nanos = digits.length() > 9 ? digits.substring(0, 9) : digits;
        String shortened = nanos.replaceAll("0+$", "");
        return shortened.isEmpty() ? "" : "." + shortened;
    }

    private static String zone(@CheckForNull String zone) {
        return zone == null || zone.substring(1).equals("00:00") ? "Z" : zone;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
