package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The preview of a sync.
 *
 * @param summary one line, such as {@code would apply 3 objects (1 adopted), prune 1}
 * @param comparison the resources, each with the effect of the sync as its message
 */
public record SyncPreview(String summary, Comparison comparison) {

    /**
     * @param missing the results for the objects that no application tracks
     * @param newNamespace the namespace that would be created for the application; null for none
     * @param toPrune the resources that would be deleted after everything is applied
     */
    static SyncPreview of(
            DesiredState desired,
            Comparison comparison,
            MissingObjects.Findings missing,
            @CheckForNull String newNamespace,
            List<ResourceState> toPrune) {
        List<ResourceState> tried = comparison.resources().stream()
                .map(state -> refused(state, missing))
                .toList();
        List<ResourceState> failing =
                tried.stream().filter(state -> fails(desired, state)).toList();
        if (!failing.isEmpty()) {
            return new SyncPreview(nothing(failing), new Comparison(tried, comparison.warnings()));
        }
        List<ResourceState> explained = new ArrayList<>();
        Counts counts = new Counts();
        boolean prunes = comparison.resources().stream().noneMatch(SyncPreview::isUnchangeable);
        for (ResourceState state : comparison.resources()) {
            boolean pruned = prunes && toPrune.contains(state);
            String fate = pruned ? "no longer in Git; would be pruned" : counts.apply(state, missing.existing());
            counts.pruned += pruned ? 1 : 0;
            explained.add(fate == null ? state : state.withMessage(fate));
        }
        return new SyncPreview(counts.summary(newNamespace), new Comparison(explained, comparison.warnings()));
    }

    private static ResourceState refused(ResourceState state, MissingObjects.Findings missing) {
        String why = state.id() == null ? null : missing.refused().get(state.id());
        return why == null || state.difference() != Difference.MISSING
                ? state
                : state.withDifference(Difference.REFUSED, why);
    }

    /** The preview of a sync that would fail before its first write. */
    static SyncPreview nothing(String why, Comparison comparison) {
        return new SyncPreview("would apply nothing: " + why, comparison);
    }

    /** Whether a sync would apply nothing because of this resource. */
    private static boolean fails(DesiredState desired, ResourceState state) {
        if (state.desired() == null) {
            return false;
        }
        boolean unknownKind = state.id() == null
                && DefinedKinds.find(desired, state.desired()).isEmpty();
        return unknownKind
                || state.difference() == Difference.NOT_PERMITTED
                || state.difference() == Difference.REFUSED
                || state.difference() == Difference.UNDECIDED;
    }

    private static boolean isUnchangeable(ResourceState state) {
        return state.difference() == Difference.DENIED
                || state.difference() == Difference.IMMUTABLE && !ObjectReplacement.isAllowed(state);
    }

    private static String nothing(List<ResourceState> failing) {
        ResourceState first = failing.get(0);
        String others = failing.size() == 1 ? "" : ", and " + (failing.size() - 1) + " more";
        return "would apply nothing: " + first.label() + others + ": " + first.message();
    }

    /** Counts the resources by the effect of the sync. */
    private static final class Counts {
        private int applied;
        private int adopted;
        private int replaced;
        private int unchangeable;
        private int pruned;

        /**
         * Counts a resource; returns the effect on it, or null if there is none or its message describes it already.
         */
        @CheckForNull
        String apply(ResourceState state, Set<ObjectId> existing) {
            if (state.desired() == null || state.difference() == Difference.SAME) {
                return null;
            }
            if (isUnchangeable(state)) {
                unchangeable++;
                return null;
            }
            applied++;
            if (state.difference() == Difference.IMMUTABLE) {
                replaced++;
                return "would be deleted and created again: " + state.message();
            }
            if (state.difference() == Difference.CHANGED) {
                return "would be changed" + (state.message() == null ? "" : ": " + state.message());
            }
            if (state.id() != null && existing.contains(state.id())) {
                adopted++;
                return "exists, applied by no Application; would be adopted";
            }
            return "would be created";
        }

        String summary(@CheckForNull String newNamespace) {
            List<String> parts = new ArrayList<>();
            if (newNamespace != null && applied > 0) {
                parts.add("create namespace " + newNamespace);
            }
            if (applied > 0) {
                parts.add("apply " + objects(applied) + notes());
            }
            if (pruned > 0) {
                parts.add("prune " + pruned);
            }
            String all = parts.isEmpty() ? "apply nothing" : String.join(", ", parts);
            String rest = unchangeable == 0
                    ? ""
                    : "; the API server does not allow to change " + objects(unchangeable) + ", so nothing is pruned";
            return "would " + all + rest;
        }

        private String notes() {
            List<String> notes = new ArrayList<>();
            if (adopted > 0) {
                notes.add(adopted + " adopted");
            }
            if (replaced > 0) {
                notes.add(replaced + " deleted and created again");
            }
            return notes.isEmpty() ? "" : " (" + String.join(", ", notes) + ")";
        }

        private static String objects(int count) {
            return count + (count == 1 ? " object" : " objects");
        }
    }
}
