package io.jenkins.plugins.gitops.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Warns of refused messages once a minute at most, since a stranger must not fill the log; the others are fine print. */
@Restricted(NoExternalUse.class)
public final class RejectionLog {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Logger logger;
    private final AtomicReference<Instant> last = new AtomicReference<>(Instant.EPOCH);

    public RejectionLog(Logger logger) {
        this.logger = logger;
    }

    /** @param line names only what the configuration names */
    public void log(Instant now, Supplier<String> line) {
        Instant before = last.get();
        boolean quiet = now.isBefore(before.plus(INTERVAL)) || !last.compareAndSet(before, now);
        logger.log(quiet ? Level.FINE : Level.WARNING, line);
    }

    /** Lets the next refusal be a warning. */
    public void reset() {
        last.set(Instant.EPOCH);
    }
}
