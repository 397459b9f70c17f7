package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.core.model.CleanText;
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
public final class RefusedReports {
    /** More strangers than this are forgotten, those first that were heard longest ago. */
    static final int MOST_STRANGERS = 20;
    /** Characters of a name or an address that are kept; nobody has longer ones for good reason. */
    private static final int LONGEST_NAME = 63;

    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

    private final Map<String, Refusal> known = new LinkedHashMap<>();
    private final Map<String, Refusal> strangers = new Newest();
    private Instant strangersTold = Instant.EPOCH;

    private static final class Newest extends LinkedHashMap<String, Refusal> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Refusal> eldest) {
            return size() > MOST_STRANGERS;
        }
    }

    /**
     * Reports of one sender.
     *
     * @param name the one that it claims, cleaned
     * @param address that it came from last; of a proxy when there is one
     * @param reason of the last refusal
     * @param since when it was refused first, after the last that was accepted
     * @param at when it was heard last
     * @param times how often it was refused
     * @param told when the log told of it last
     */
    public record Refusal(
            String name, String address, String reason, Instant since, Instant at, long times, Instant told) {
        private boolean isDue(Instant now) {
            return !now.isBefore(told.plus(BETWEEN_LINES));
        }

        /** One line for the log, with all that the sender was not told. */
        String line() {
            return "A report in the name of agent \"" + name + "\" from " + address + " was refused: " + reason;
        }
    }

    public static RefusedReports get() {
        return ExtensionList.lookupSingleton(RefusedReports.class);
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
    synchronized String note(@CheckForNull String name, boolean isKnown, String address, String reason, Instant now) {
        String claimed = name == null ? "" : CleanText.line(name, LONGEST_NAME);
        String from = CleanText.line(address, LONGEST_NAME);
        Map<String, Refusal> where = isKnown ? known : strangers;
        String key = isKnown ? claimed : claimed + "\n" + from;
        // The newest is the last, so that the one to be forgotten is the first.
        Refusal before = where.remove(key);
        long times = before == null ? 1 : before.times() + 1;
        Instant told = before == null ? Instant.EPOCH : before.told();
        Instant since = before == null ? now : before.since();
        Refusal refusal = new Refusal(claimed, from, reason, since, now, times, told);
        boolean due = isKnown ? refusal.isDue(now) : !now.isBefore(strangersTold.plus(BETWEEN_LINES));
        where.put(key, due ? new Refusal(claimed, from, reason, since, now, times, now) : refusal);
        if (!due) {
            return null;
        }
        strangersTold = isKnown ? strangersTold : now;
        return refusal.line();
    }

    /** A report of that agent was accepted: what was refused before is settled. */
    synchronized void accepted(String agent) {
        known.remove(agent);
        // It may have been sent before the agent was set up.
        strangers.values().removeIf(refusal -> refusal.name().equals(agent));
    }

    /** Forgets agents that are no longer configured; what they send is a stranger's from then on. */
    synchronized void retain(Set<String> configured) {
        known.keySet().retainAll(configured);
    }

    /** Since when all reports of a configured agent were refused; null when the last one was accepted, or none came. */
    @CheckForNull
    synchronized Instant since(String agent) {
        Refusal refusal = known.get(agent);
        return refusal == null ? null : refusal.since();
    }

    /** What was refused and not settled since: of configured agents first, then of strangers, the newest first. */
    public synchronized List<Refusal> all() {
        List<Refusal> all = new ArrayList<>(newestFirst(known));
        all.addAll(newestFirst(strangers));
        return all;
    }

    private static List<Refusal> newestFirst(Map<String, Refusal> refusals) {
        List<Refusal> all = new ArrayList<>(refusals.values());
        Collections.reverse(all);
        return all;
    }
}
