package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.await.ParallelPosition;
import java.io.IOException;
import java.util.LinkedList;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Finds the enclosing branches of {@code parallel} of a step, including Declarative's parallel stages and matrix. */
final class ParallelPositions {
    private ParallelPositions() {}

    /** May read the flow graph from the disk. */
    static ParallelPosition of(FlowNode node) {
        LinkedList<ParallelPosition.ParallelBranch> branches = new LinkedList<>();
        for (BlockStartNode block : node.iterateEnclosingBlocks()) {
            // Only the start node of a branch has a ThreadNameAction.
            if (block.getAction(ThreadNameAction.class) != null) {
                branches.addFirst(
                        new ParallelPosition.ParallelBranch(String.valueOf(block.getEnclosingId()), block.getId()));
            }
        }
        return new ParallelPosition(branches);
    }

    /** @param id of a node; null or an unknown id is outside of all branches */
    static ParallelPosition of(FlowExecution execution, @CheckForNull String id) throws IOException {
        FlowNode node = id == null ? null : execution.getNode(id);
        return node == null ? ParallelPosition.OUTSIDE : of(node);
    }
}
