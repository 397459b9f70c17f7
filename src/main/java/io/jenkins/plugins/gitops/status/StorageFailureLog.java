package io.jenkins.plugins.gitops.status;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Logs once when something cannot be stored, and once when it can be stored again: with a full disk, the failure recurs
 * every second.
 */
@Restricted(NoExternalUse.class)
public final class StorageFailureLog {
    private final Logger logger;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    public StorageFailureLog(Logger logger) {
        this.logger = logger;
    }

    /**
     * @param what could not be stored, such as {@code the report of agent dev}; kept in memory, so one of few values
     * @param consequence of the failure for the user
     */
    public void failed(String what, String consequence, IOException problem) {
        Level level = failing.add(what) ? Level.WARNING : Level.FINE;
        logger.log(level, problem, () -> what + " could not be stored; " + consequence);
    }

    /** Records that it was stored. */
    public void succeeded(String what) {
        if (failing.remove(what)) {
            logger.info(() -> what + " can be stored again");
        }
    }

    /** Forgets an item that is no longer stored. */
    public void forget(String what) {
        failing.remove(what);
    }
}
