package io.jenkins.plugins.gitops.status.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.core.model.BoundedMap;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Rejected reports, for the people who set agents up: the claimed sender, its address and the reason, which the sender
 * does not get to see. Bounded: unknown senders evict other unknown senders, never a configured agent.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RejectedReports {
    /** Beyond this number, the unknown senders that were seen longest ago are forgotten. */
    static final int MAX_UNKNOWN_SENDERS = 20;
    /** Names and addresses are truncated to this number of characters; legitimate ones are not longer. */
    private static final int MAX_NAME_LENGTH = 63;

    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final Map<String, Rejection> known = new LinkedHashMap<>();
    private final Map<String, Rejection> unknownSenders = BoundedMap.byInsertion(MAX_UNKNOWN_SENDERS);
    private Instant unknownSendersLogged = Instant.EPOCH;

    /**
     * The rejected reports of one sender.
     *
     * @param name claimed by the sender, sanitized
     * @param address of the last request; that of the proxy when there is one
     * @param reason of the last rejection
     * @param since time of the first rejection since the last accepted report
     * @param at time of the last rejection
     * @param times number of rejections
     * @param logged when this was last written to the log
     */
    public record Rejection(
            String name, String address, String reason, Instant since, Instant at, long times, Instant logged) {
        private boolean isDue(Instant now) {
            return !now.isBefore(logged.plus(BETWEEN_LINES));
        }

        /** One line for the log, with everything that was not revealed to the sender. */
        String logLine() {
            return "A report in the name of agent \"" + name + "\" from " + address + " was rejected: " + reason;
        }
    }

    public static RejectedReports get() {
        return ExtensionList.lookupSingleton(RejectedReports.class);
    }

    /**
     * Records a rejection.
     *
     * @param name claimed by the sender, not sanitized; null for none
     * @param isKnown whether an agent of that name is configured
     * @param address as reported by the web server
     * @return the line to log now; null when the last line is less than a minute old
     */
    @CheckForNull
    synchronized String record(@CheckForNull String name, boolean isKnown, String address, String reason, Instant now) {
        String claimed = name == null ? "" : TextSanitizer.line(name, MAX_NAME_LENGTH);
        String from = TextSanitizer.line(address, MAX_NAME_LENGTH);
        Map<String, Rejection> where = isKnown ? known : unknownSenders;
        String key = isKnown ? claimed : claimed + "\n" + from;
        // Reinsert at the end, so that the eldest entry is the first to be evicted.
        Rejection before = where.remove(key);
        long times = before == null ? 1 : before.times() + 1;
        Instant told = before == null ? Instant.EPOCH : before.logged();
        Instant since = before == null ? now : before.since();
        Rejection rejection = new Rejection(claimed, from, reason, since, now, times, told);
        boolean due = isKnown ? rejection.isDue(now) : !now.isBefore(unknownSendersLogged.plus(BETWEEN_LINES));
        where.put(key, due ? new Rejection(claimed, from, reason, since, now, times, now) : rejection);
        if (!due) {
            return null;
        }
        unknownSendersLogged = isKnown ? unknownSendersLogged : now;
        return rejection.logLine();
    }

    /** Forgets the rejections of an agent whose report was accepted. */
    synchronized void accepted(String agent) {
        known.remove(agent);
        // They may date from before the agent was configured.
        unknownSenders.values().removeIf(rejection -> rejection.name().equals(agent));
    }

    /** Forgets agents that are no longer configured; their reports count as those of unknown senders from then on. */
    synchronized void retain(Set<String> configured) {
        known.keySet().retainAll(configured);
    }

    /**
     * Since when all reports of a configured agent have been rejected; null when the last one was accepted or none
     * arrived.
     */
    @CheckForNull
    synchronized Instant rejectedSince(String agent) {
        Rejection rejection = known.get(agent);
        return rejection == null ? null : rejection.since();
    }

    /**
     * All rejections since the last accepted report: configured agents first, then unknown senders; newest first in
     * each.
     */
    public synchronized List<Rejection> all() {
        List<Rejection> all = new ArrayList<>(newestFirst(known));
        all.addAll(newestFirst(unknownSenders));
        return all;
    }

    private static List<Rejection> newestFirst(Map<String, Rejection> refusals) {
        List<Rejection> all = new ArrayList<>(refusals.values());
        Collections.reverse(all);
        return all;
    }
}
