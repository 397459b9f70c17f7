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
 * Reports that were refused with one and the same answer: who claimed to send them, from where, and why they were not
 * believed, for those who set agents up. Bounded: strangers push out strangers, never a configured agent.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RejectedReports {
    /** More strangers than this are forgotten, those first that were heard longest ago. */
    static final int MAX_UNKNOWN_SENDERS = 20;
    /** Characters of a name or an address that are kept; nobody has longer ones for good reason. */
    private static final int MAX_NAME_LENGTH = 63;

    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final Map<String, Rejection> known = new LinkedHashMap<>();
    private final Map<String, Rejection> unknownSenders = BoundedMap.byInsertion(MAX_UNKNOWN_SENDERS);
    private Instant unknownSendersLogged = Instant.EPOCH;

    /**
     * Reports of one sender.
     *
     * @param name the one that it claims, cleaned
     * @param address that it came from last; of a proxy when there is one
     * @param reason of the last refusal
     * @param since when it was refused first, after the last that was accepted
     * @param at when it was heard last
     * @param times how often it was refused
     * @param logged when the log told of it last
     */
    public record Rejection(
            String name, String address, String reason, Instant since, Instant at, long times, Instant logged) {
        private boolean isDue(Instant now) {
            return !now.isBefore(logged.plus(BETWEEN_LINES));
        }

        /** One line for the log, with all that the sender was not told. */
        String logLine() {
            return "A report in the name of agent \"" + name + "\" from " + address + " was rejected: " + reason;
        }
    }

    public static RejectedReports get() {
        return ExtensionList.lookupSingleton(RejectedReports.class);
    }

    /**
     * Notes a refusal.
     *
     * @param name the one that the sender claims, as it came; null for none
     * @param isKnown whether an agent of that name is configured
     * @param address as the web server tells it
     * @return the line that is due for the log; null when the last one is less than a minute old
     */
    @CheckForNull
    synchronized String record(@CheckForNull String name, boolean isKnown, String address, String reason, Instant now) {
        String claimed = name == null ? "" : TextSanitizer.line(name, MAX_NAME_LENGTH);
        String from = TextSanitizer.line(address, MAX_NAME_LENGTH);
        Map<String, Rejection> where = isKnown ? known : unknownSenders;
        String key = isKnown ? claimed : claimed + "\n" + from;
        // The newest is the last, so that the one to be forgotten is the first.
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

    /** A report of that agent was accepted: what was refused before is settled. */
    synchronized void accepted(String agent) {
        known.remove(agent);
        // It may have been sent before the agent was set up.
        unknownSenders.values().removeIf(rejection -> rejection.name().equals(agent));
    }

    /** Forgets agents that are no longer configured; what they send is a stranger's from then on. */
    synchronized void retain(Set<String> configured) {
        known.keySet().retainAll(configured);
    }

    /** Since when all reports of a configured agent were refused; null when the last one was accepted, or none came. */
    @CheckForNull
    synchronized Instant rejectedSince(String agent) {
        Rejection rejection = known.get(agent);
        return rejection == null ? null : rejection.since();
    }

    /** What was refused and not settled since: of configured agents first, then of strangers, the newest first. */
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
