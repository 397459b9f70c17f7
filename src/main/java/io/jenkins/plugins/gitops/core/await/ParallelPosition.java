package io.jenkins.plugins.gitops.core.await;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The position of a step in a run: the branches of {@code parallel} around it.
 *
 * @param branches from the outermost to the innermost; empty outside {@code parallel}
 */
public record ParallelPosition(List<ParallelBranch> branches) {
    /**
     * A branch.
     *
     * @param parallel the id of its {@code parallel} step
     * @param id the id of the branch, unique in the run
     */
    public record ParallelBranch(String parallel, String id) {}

    /** The position outside all branches. */
    public static final ParallelPosition OUTSIDE = new ParallelPosition(List.of());

    public ParallelPosition {
        branches = List.copyOf(branches);
    }

    /**
     * Returns the changes that a step at this position waits for if none is named: those of its own branch. If there
     * are none, those made before it in the enclosing branch, and finally in the run, but never those of a sibling
     * branch. Outside {@code parallel}, all changes of the run.
     *
     * @param changes the changes of the run; their order is kept
     * @param positions maps each change to the position where it was made
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

    /** The number of branches that enclose both positions. */
    private int shared(ParallelPosition other) {
        int shared = 0;
        while (shared < Math.min(branches.size(), other.branches.size())
                && branches.get(shared).equals(other.branches.get(shared))) {
            shared++;
        }
        return shared;
    }

    /** Whether the other position is in a sibling branch of a {@code parallel} that encloses this one. */
    private boolean isBeside(ParallelPosition other, int shared) {
        return shared < branches.size()
                && shared < other.branches.size()
                && branches.get(shared)
                        .parallel()
                        .equals(other.branches.get(shared).parallel());
    }
}
