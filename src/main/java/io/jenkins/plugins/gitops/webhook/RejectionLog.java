package io.jenkins.plugins.gitops.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Logs rejected messages at WARNING at most once a minute (others at FINE), so that unauthenticated callers cannot
 * flood the log.
 */
@Restricted(NoExternalUse.class)
public final class RejectionLog {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Logger logger;
    private final AtomicReference<Instant> last = new AtomicReference<>(Instant.EPOCH);

    public RejectionLog(Logger logger) {
        this.logger = logger;
    }

    /** @param line must contain only configured names, no input of the sender */
    public void log(Instant now, Supplier<String> line) {
        Instant before = last.get();
        boolean quiet = now.isBefore(before.plus(INTERVAL)) || !last.compareAndSet(before, now);
        logger.log(quiet ? Level.FINE : Level.WARNING, line);
    }

    /** Makes the next rejection a warning again. */
    public void reset() {
        last.set(Instant.EPOCH);
    }
}
