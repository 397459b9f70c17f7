package io.jenkins.plugins.gitops.core.report;

import java.util.List;

/**
 * Whose word counts when an observer in the cluster and another source speak of the same object. Events get lost and overtake
 * each other, and an API may be out of reach: what the observer reads in the cluster stands above both, for as long as it is
 * heard.
 */
public final class SourcePrecedence {
    private SourcePrecedence() {}

    /**
     * The snapshots of one target without those that another one stands above.
     *
     * @param all what all sources say
     */
    public static List<AgentSnapshot> authoritative(List<AgentSnapshot> all) {
        if (all.size() < 2
                || all.stream().noneMatch(snapshot -> snapshot.status().isObserved())) {
            return all;
        }
        return all.stream()
                .filter(one -> all.stream().noneMatch(other -> other != one && takesPrecedence(other, one)))
                .toList();
    }

    private static boolean takesPrecedence(AgentSnapshot one, AgentSnapshot other) {
        if (one.kind() != other.kind() || !one.traits().isObservable()) {
            return false;
        }
        boolean observed = one.status().isObserved();
        if (observed == other.status().isObserved()) {
            return false;
        }
        boolean same = one.status().name().equals(other.status().name());
        return observed
                // What a source says that cannot be asked is about no object for sure.
                ? !one.stale() && (same || other.problem() != null)
                : same && other.stale() && !one.stale() && one.problem() == null;
    }
}
