package io.jenkins.plugins.gitops.ui;

import java.time.Duration;
import java.time.Instant;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A time in two formats.
 *
 * @param iso exact, ISO 8601, UTC
 * @param ago relative, for people
 */
@Restricted(NoExternalUse.class)
public record RelativeTime(String iso, String ago) {
    static RelativeTime of(Instant when, Instant now) {
        return new RelativeTime(when.toString(), ago(Duration.between(when, now)));
    }

    private static String ago(Duration age) {
        if (age.compareTo(Duration.ofMinutes(1)) < 0) {
            return Messages.RelativeTime_now();
        }
        if (age.compareTo(Duration.ofHours(1)) < 0) {
            return Messages.RelativeTime_minutes(age.toMinutes());
        }
        return age.compareTo(Duration.ofDays(2)) < 0
                ? Messages.RelativeTime_hours(age.toHours())
                : Messages.RelativeTime_days(age.toDays());
    }
}
