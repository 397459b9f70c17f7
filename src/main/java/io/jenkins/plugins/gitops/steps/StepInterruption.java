package io.jenkins.plugins.gitops.steps;

import hudson.AbortException;
import hudson.model.Result;
import hudson.model.TaskListener;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * How a step ends a build with a result of its own and a cause that is kept with the build. The build's log shows one line,
 * the cause's, and nothing of what Pipeline attaches to an error in order to find it again.
 */
final class StepInterruption {
    private StepInterruption() {}

    /**
     * @param cause its description is the line; its {@link CauseOfInterruption#print(TaskListener)} has to print nothing
     */
    static FlowInterruptedException of(Result result, CauseOfInterruption cause) {
        FlowInterruptedException interruption = new FlowInterruptedException(result, false, cause);
        // Pipeline marks an error that bears no mark yet, and prints the mark of an interruption. That of an error
        // which
        // caused the interruption serves as well and is not printed: of such a one only the message is.
        AbortException line = new AbortException(cause.getShortDescription());
        new ErrorAction(line);
        interruption.initCause(line);
        return interruption;
    }
}
