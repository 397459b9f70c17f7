package io.jenkins.plugins.gitops.status;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Tells once that something cannot be stored, and once that it can again: a full disk is met every second. */
@Restricted(NoExternalUse.class)
public final class StorageFailureLog {
    private final Logger logger;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    public StorageFailureLog(Logger logger) {
        this.logger = logger;
    }

    /**
     * @param what is stored, such as {@code the report of agent dev}; one of few
     * @param consequence what that means for the user
     */
    public void failed(String what, String consequence, IOException problem) {
        Level level = failing.add(what) ? Level.WARNING : Level.FINE;
        logger.log(level, problem, () -> what + " could not be stored; " + consequence);
    }

    /** It was stored. */
    public void succeeded(String what) {
        if (failing.remove(what)) {
            logger.info(() -> what + " can be stored again");
        }
    }

    /** It is not stored any more. */
    public void forget(String what) {
        failing.remove(what);
    }
}
