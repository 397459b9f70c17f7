package io.jenkins.plugins.gitops.core.await;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Where in a run a step stands: the branches of {@code parallel} around it.
 *
 * @param branches from the outermost to the innermost; empty outside of {@code parallel}
 */
public record ParallelPosition(List<ParallelBranch> branches) {
    /**
     * A branch.
     *
     * @param parallel id of the {@code parallel} that it belongs to
     * @param id its own, unique in the run
     */
    public record ParallelBranch(String parallel, String id) {}

    /** Not in any branch. */
    public static final ParallelPosition OUTSIDE = new ParallelPosition(List.of());

    public ParallelPosition {
        branches = List.copyOf(branches);
    }

    /**
     * The changes that a step here waits for when none is named: those of its own branch. Where that has none, those that
     * were there before it began: of the branch around it, at last of the run, never those of a branch beside it. Outside
     * of {@code parallel} all of the run.
     *
     * @param changes of the run, in any order, which is kept
     * @param positions where each was made
     */
    public <T> List<T> ownBranch(List<T> changes, Function<T, ParallelPosition> positions) {
        List<T> own = new ArrayList<>();
        int nearest = 0;
        for (T change : changes) {
            ParallelPosition position = positions.apply(change);
            int shared = shared(position);
            if (shared < nearest || isBeside(position, shared)) {
                continue;
            }
            if (shared > nearest) {
                own.clear();
                nearest = shared;
            }
            own.add(change);
        }
        return own;
    }

    /** How many branches are around both. */
    private int shared(ParallelPosition other) {
        int shared = 0;
        while (shared < Math.min(branches.size(), other.branches.size())
                && branches.get(shared).equals(other.branches.get(shared))) {
            shared++;
        }
        return shared;
    }

    /** Whether the other one is in another branch of a {@code parallel} that is around this one. */
    private boolean isBeside(ParallelPosition other, int shared) {
        return shared < branches.size()
                && shared < other.branches.size()
                && branches.get(shared)
                        .parallel()
                        .equals(other.branches.get(shared).parallel());
    }
}
