package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.await.ParallelPosition;
import java.io.IOException;
import java.util.LinkedList;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Finds the branches of {@code parallel} around a step, which are those of Declarative's parallel stages and matrix too. */
final class ParallelPositions {
    private ParallelPositions() {}

    /** May read the graph from the disk. */
    static ParallelPosition of(FlowNode node) {
        LinkedList<ParallelPosition.ParallelBranch> branches = new LinkedList<>();
        for (BlockStartNode block : node.iterateEnclosingBlocks()) {
            // Only the start of a branch has a thread of its own.
            if (block.getAction(ThreadNameAction.class) != null) {
                branches.addFirst(
                        new ParallelPosition.ParallelBranch(String.valueOf(block.getEnclosingId()), block.getId()));
            }
        }
        return new ParallelPosition(branches);
    }

    /** @param id of a node; null, or one that the graph does not hold: outside of all branches */
    static ParallelPosition of(FlowExecution execution, @CheckForNull String id) throws IOException {
        FlowNode node = id == null ? null : execution.getNode(id);
        return node == null ? ParallelPosition.OUTSIDE : of(node);
    }
}
