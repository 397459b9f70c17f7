package io.jenkins.plugins.gitops.repository;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import jenkins.util.SystemProperties;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Closes idle clones, and deletes the files of clones that have not been used for a month. */
@Extension
@Restricted(NoExternalUse.class)
public final class IdleCloneCleanup extends AsyncPeriodicWork {
    /** System property: how long a clone stays open after its last use, in hours. */
    static final String IDLE_HOURS = IdleCloneCleanup.class.getName() + ".hours";

    private static final int DEFAULT_HOURS = 12;
    private static final Duration KEPT = Duration.ofDays(30);

    public IdleCloneCleanup() {
        super("GitOps idle clones");
    }

    @Override
    public long getRecurrencePeriod() {
        return HOUR;
    }

    @Override
    protected void execute(TaskListener listener) throws IOException {
        Instant now = Instant.now();
        ConfigRepositories.get()
                .closeIdle(now.minus(Duration.ofHours(SystemProperties.getInteger(IDLE_HOURS, DEFAULT_HOURS))));
        ConfigRepositories.get().deleteUnused(now.minus(KEPT));
    }

    /** Whether the last use was before a point in time. */
    static boolean isIdle(Instant lastUsed, Instant since) {
        return lastUsed.isBefore(since);
    }
}
