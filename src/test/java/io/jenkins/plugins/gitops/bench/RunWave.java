package io.jenkins.plugins.gitops.bench;

import hudson.model.Result;
import hudson.util.AtomicFileWriter;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;

/**
 * Runs of one job each, whose parallel branches all execute the same step; every waiting step of the bench is in one.
 */
final class RunWave {
    /** Pipeline stores a run as a whole, so a run with many branches would measure mainly that. */
    private static final int BRANCHES = 100;

    private static final String SCRIPT = """
            def branches = [:]
            for (int i = %d; i < %d; i++) {
                int at = i
                branches['%s-' + at] = { %s }
            }
            parallel branches
            """;

    private final List<WorkflowRun> runs = new ArrayList<>();

    /**
     * Starts runs one after the other, so that they do not all begin at once.
     *
     * @param step Groovy; {@code at} counts all steps of the wave from 0
     */
    static RunWave start(String name, int steps, String step) throws Exception {
        RunWave wave = new RunWave();
        flush(false);
        int before = ResumeWatch.started();
        for (int from = 0; from < steps; from += BRANCHES) {
            int to = Math.min(steps, from + BRANCHES);
            WorkflowJob job = Jenkins.get().createProject(WorkflowJob.class, name + "-" + from);
            job.setDefinition(new CpsFlowDefinition(SCRIPT.formatted(from, to, name, step), true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            wave.runs.add(run);
            until(() -> ResumeWatch.started() >= before + to || !run.isBuilding());
            if (ResumeWatch.started() < before + to) {
                throw new AssertionError(run + " ended: " + run.getLog(20));
            }
        }
        flush(true);
        return wave;
    }

    /**
     * Sets whether each file that Pipeline writes is forced to disk, which is the default. For a start of 10,000 steps
     * that takes half an hour, so only the measured part uses it.
     */
    private static void flush(boolean forced) throws ReflectiveOperationException {
        Field disabled = AtomicFileWriter.class.getDeclaredField("DISABLE_FORCED_FLUSH");
        disabled.setAccessible(true);
        disabled.setBoolean(null, !forced);
    }

    /** Aborts all runs and forgets them. */
    void end() throws Exception {
        for (WorkflowRun run : runs) {
            run.doStop();
        }
        for (WorkflowRun run : runs) {
            until(() -> !run.isBuilding());
            if (run.getResult() != Result.ABORTED) {
                throw new AssertionError(run + " ended before it was stopped: " + run.getLog(20));
            }
            run.getParent().delete();
        }
        runs.clear();
    }

    /** Waits until all runs have ended. */
    void join() throws InterruptedException {
        for (WorkflowRun run : runs) {
            until(() -> !run.isBuilding());
        }
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }
}
