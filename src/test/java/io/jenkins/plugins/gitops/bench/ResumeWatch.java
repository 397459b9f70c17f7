package io.jenkins.plugins.gitops.bench;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Records when steps begin and branches end, and which runs are loaded after a restart. */
public final class ResumeWatch {
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final AtomicInteger LOADED = new AtomicInteger();
    private static final AtomicLong LAST_LOADED = new AtomicLong();
    /** {@link System#nanoTime()} just before the start of a branch's step, by the name of the branch. */
    static final Map<String, Long> BEGUN = new ConcurrentHashMap<>();
    /** {@link System#nanoTime()} after the end of a branch, by its name. */
    static final Map<String, Long> ENDED = new ConcurrentHashMap<>();

    private ResumeWatch() {}

    /** Returns how many steps without a block have begun in this process. */
    static int started() {
        return STARTED.get();
    }

    /** Returns how many runs were loaded with their steps since {@link #restarting}. */
    static int loaded() {
        return LOADED.get();
    }

    static long lastLoaded() {
        return LAST_LOADED.get();
    }

    static void restarting() {
        LOADED.set(0);
    }

    /** The first node after a branch's steps shows that the Pipeline has continued. */
    public abstract static class BranchHeadListener implements GraphListener.Synchronous {
        @Override
        public void onNewHead(FlowNode node) {
            if (node instanceof BlockEndNode) {
                ThreadNameAction name = ((BlockEndNode<?>) node).getStartNode().getAction(ThreadNameAction.class);
                if (name != null) {
                    ENDED.put(name.getThreadName(), System.nanoTime());
                }
            }
        }
    }

    /** Called just before a step's own start. */
    public abstract static class StepStartListener implements StepListener {
        @Override
        public void notifyOfNewStep(@NonNull Step step, @NonNull StepContext context) {
            if (step.getDescriptor().takesImplicitBlockArgument()) {
                return;
            }
            try {
                FlowNode node = context.get(FlowNode.class);
                for (FlowNode block : node.iterateEnclosingBlocks()) {
                    ThreadNameAction name = block.getAction(ThreadNameAction.class);
                    if (name != null) {
                        BEGUN.put(name.getThreadName(), System.nanoTime());
                        break;
                    }
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            STARTED.incrementAndGet();
        }
    }

    /** A run counts as loaded when its steps can be resumed. */
    public abstract static class RunLoadListener extends FlowExecutionListener {
        @Override
        public void onResumed(@NonNull FlowExecution execution) {
            execution
                    .getCurrentExecutions(false)
                    .addListener(
                            () -> {
                                LAST_LOADED.set(System.nanoTime());
                                LOADED.incrementAndGet();
                            },
                            Runnable::run);
        }
    }
}
