package io.jenkins.plugins.gitops.agent.reconcile;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What all applications of an agent would delete at the newest revision, so that a commit that takes a little from each is
 * seen as the mass deletion that it is. Used by many threads.
 */
final class PruneLedger {
    /** An application that cannot be compared holds up the deletions of the others no longer than this. */
    static final Duration SETTLE_TIME = Duration.ofMinutes(5);

    private final LongSupplier nanoTime;
    private final Map<String, ApplicationPruning> entries = new HashMap<>();
    private String revision = "";
    private long since;

    /**
     * What one application would delete.
     *
     * @param revision at which it was compared; empty when it never was
     * @param tracked objects that were there before, those that would be deleted among them
     */
    private record ApplicationPruning(String revision, int pending, int tracked) {
        static final ApplicationPruning UNKNOWN = new ApplicationPruning("", 0, 0);
    }

    /**
     * Sums over all applications.
     *
     * @param pending what would be deleted, as far as it is known
     * @param outstanding objects of applications that were not compared at the newest revision yet
     * @param tracked objects that were there before
     * @param unknown whether an application was never compared
     */
    record Totals(int pending, int outstanding, int tracked, boolean unknown) {}

    /** @param nanoTime as {@link System#nanoTime} */
    PruneLedger(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** A revision is the newest one, and holds these applications. */
    synchronized void expect(String newest, Set<String> applications) {
        entries.keySet().retainAll(applications);
        applications.forEach(name -> entries.putIfAbsent(name, ApplicationPruning.UNKNOWN));
        if (!newest.equals(revision)) {
            revision = newest;
            since = nanoTime.getAsLong();
        }
    }

    /** An application was compared. */
    synchronized void compared(String application, String at, int pending, int tracked) {
        entries.replace(application, new ApplicationPruning(at, pending, tracked));
    }

    /** An application cannot be compared, so it deletes nothing. */
    synchronized void failed(String application, String at) {
        entries.computeIfPresent(application, (name, before) -> new ApplicationPruning(at, 0, before.tracked()));
    }

    synchronized Totals totals() {
        boolean waits = nanoTime.getAsLong() - since < SETTLE_TIME.toNanos();
        int pending = 0;
        int outstanding = 0;
        int tracked = 0;
        boolean unknown = false;
        for (ApplicationPruning applicationPruning : entries.values()) {
            tracked += applicationPruning.tracked();
            if (applicationPruning.revision().equals(revision) || !waits) {
                pending += applicationPruning.pending();
            } else {
                outstanding += applicationPruning.tracked();
                unknown |= applicationPruning.revision().isEmpty();
            }
        }
        return new Totals(pending, outstanding, tracked, unknown);
    }
}
