package io.jenkins.plugins.gitops.core.report;

import java.util.List;

/**
 * Decides which status counts if an observer in the cluster and another source report the same object. Events may get
 * lost or reordered, and an API may be unreachable. So the observer, which reads the objects in the cluster, takes
 * precedence as long as it reports.
 */
public final class SourcePrecedence {
    private SourcePrecedence() {}

    /**
     * Returns the snapshots of one target without those that another one takes precedence over.
     *
     * @param all the snapshots from all sources
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
                // An unreachable source does not report reliably which object it is about.
                ? !one.stale() && (same || other.problem() != null)
                : same && other.stale() && !one.stale() && one.problem() == null;
    }
}
