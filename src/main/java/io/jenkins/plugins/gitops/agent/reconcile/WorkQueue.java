package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Names to work on, each once, and never by two workers at a time: what comes while it is worked on comes again
 * after.
 */
final class WorkQueue {
    private final Set<String> waiting = new LinkedHashSet<>();
    private final Set<String> running = new HashSet<>();
    private boolean closed;

    synchronized void add(String name) {
        if (!closed && waiting.add(name)) {
            notify();
        }
    }

    /** The next name that nobody works on; null when closed. */
    @CheckForNull
    synchronized String take() throws InterruptedException {
        while (!closed) {
            for (Iterator<String> names = waiting.iterator(); names.hasNext(); ) {
                String name = names.next();
                if (!running.contains(name)) {
                    names.remove();
                    running.add(name);
                    return name;
                }
            }
            wait();
        }
        return null;
    }

    synchronized void done(String name) {
        running.remove(name);
        notifyAll();
    }

    /** Lets nobody take anything any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
