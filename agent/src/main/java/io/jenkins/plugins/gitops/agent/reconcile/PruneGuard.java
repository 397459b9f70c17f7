package io.jenkins.plugins.gitops.agent.reconcile;

import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions.Pruning;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Determines which deletions a person must confirm: those that lose data, or so many that a mistake is likely. */
final class PruneGuard {
    /** Fewer objects are never a mass deletion, regardless of their share. */
    static final int MIN_OBJECTS = 5;

    private static final String[] GUARDED_KINDS = {
        "Namespace",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "apiextensions.k8s.io/CustomResourceDefinition",
        "apps/StatefulSet"
    };
    private static final int MAX_NAMED = 2;
    private static final int MAX_LABEL = 50;

    private PruneGuard() {}

    /**
     * The impact of a prune.
     *
     * @param pending the objects to delete that are not being deleted already
     * @param kept objects of the application that existed before and remain
     * @param last whether the application has no objects in Git
     * @param options of objects without their own annotations
     * @param agent the totals of all applications of the agent
     */
    record PruneImpact(
            List<ResourceState> pending, int kept, boolean last, ResourceOptions options, PruneLedger.Totals agent) {}

    /** The reasons for a confirmation, each in a few words; empty if none is needed. */
    static List<String> reasons(PruneImpact pruneImpact) {
        List<ResourceState> pending = pruneImpact.pending();
        List<String> reasons = new ArrayList<>();
        if (pending.isEmpty()) {
            return reasons;
        }
        addNamed(reasons, "", pending, state -> state.id().kind().isOneOf(GUARDED_KINDS));
        addNamed(
                reasons,
                "Prune=confirm of ",
                pending,
                state -> state.live().options().orElse(pruneImpact.options()).pruning() == Pruning.CONFIRM);
        int before = pending.size() + pruneImpact.kept();
        if (pruneImpact.last()) {
            reasons.add("the last resources of the application");
        } else if (isMass(pending.size(), before)) {
            reasons.add(pending.size() + " of the application's " + before + " resources");
        }
        PruneLedger.Totals agent = pruneImpact.agent();
        boolean ofApplication = pruneImpact.last() || isMass(pending.size(), before);
        if (!ofApplication && isMass(agent.pending(), agent.tracked())) {
            reasons.add(agent.pending() + " of the agent's " + agent.tracked() + " resources");
        }
        return reasons;
    }

    /** Whether applications that have not been compared yet could turn it into a mass deletion of the agent. */
    static boolean isUndecided(PruneLedger.Totals agent) {
        return agent.unknown() || isMass(agent.pending() + agent.outstanding(), agent.tracked());
    }

    private static boolean isMass(int pending, int before) {
        return pending >= MIN_OBJECTS && 2 * pending > before;
    }

    private static void addNamed(
            List<String> reasons, String prefix, List<ResourceState> pending, Predicate<ResourceState> condition) {
        List<ResourceState> found = pending.stream().filter(condition).toList();
        if (!found.isEmpty()) {
            reasons.add(prefix + names(found, MAX_NAMED));
        }
    }

    /** {@code ConfigMap a, ConfigMap b and 7 more}; of bounded length. */
    static String names(List<ResourceState> states, int most) {
        StringBuilder text = new StringBuilder();
        states.stream().limit(most).forEach(state -> {
            String label = state.label();
            text.append(text.isEmpty() ? "" : ", ")
                    .append(label.length() > MAX_LABEL ? label.substring(0, MAX_LABEL) + "..." : label);
        });
        return states.size() > most ? text + " and " + (states.size() - most) + " more" : text.toString();
    }
}
