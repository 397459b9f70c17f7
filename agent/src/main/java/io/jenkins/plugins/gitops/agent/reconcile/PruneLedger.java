package io.jenkins.plugins.gitops.agent.reconcile;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Counts the pending deletions of all applications of an agent at the newest revision, to detect a mass deletion by a
 * commit that removes a little from each. Thread-safe.
 */
final class PruneLedger {
    /** How long an application that cannot be compared may delay the deletions of the others. */
    static final Duration SETTLE_TIME = Duration.ofMinutes(5);

    private final LongSupplier nanoTime;
    private final Map<String, ApplicationPruning> entries = new HashMap<>();
    private String revision = "";
    private long since;

    /**
     * The pending deletions of one application.
     *
     * @param revision the revision at which it was compared; empty before the first comparison
     * @param tracked objects that existed before, including those to delete
     */
    private record ApplicationPruning(String revision, int pending, int tracked) {
        static final ApplicationPruning UNKNOWN = new ApplicationPruning("", 0, 0);
    }

    /**
     * Sums over all applications.
     *
     * @param pending known pending deletions
     * @param outstanding objects of applications that have not been compared at the newest revision yet
     * @param tracked objects that existed before
     * @param unknown whether an application was never compared
     */
    record Totals(int pending, int outstanding, int tracked, boolean unknown) {}

    /** @param nanoTime as {@link System#nanoTime} */
    PruneLedger(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Sets the newest revision and its applications. */
    synchronized void expect(String newest, Set<String> applications) {
        entries.keySet().retainAll(applications);
        applications.forEach(name -> entries.putIfAbsent(name, ApplicationPruning.UNKNOWN));
        if (!newest.equals(revision)) {
            revision = newest;
            since = nanoTime.getAsLong();
        }
    }

    /** Records that an application was compared. */
    synchronized void compared(String application, String at, int pending, int tracked) {
        entries.replace(application, new ApplicationPruning(at, pending, tracked));
    }

    /** Records that an application cannot be compared, so that it deletes nothing. */
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
