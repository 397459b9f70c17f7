package io.jenkins.plugins.gitops.steps;

import hudson.AbortException;
import hudson.model.Result;
import hudson.model.TaskListener;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * Ends a build with a given result and a cause that is stored with the build. The build's log shows only the line of
 * the cause, without the marker that Pipeline attaches to an error to find its origin.
 */
final class StepInterruption {
    private StepInterruption() {}

    /**
     * @param cause its short description is the line; its {@link CauseOfInterruption#print(TaskListener)} must print
     *     nothing
     */
    static FlowInterruptedException of(Result result, CauseOfInterruption cause) {
        FlowInterruptedException interruption = new FlowInterruptedException(result, false, cause);
        // Pipeline attaches a marker to an error that has none, and prints that of an interruption. A marker of the
        // interruption's cause is found as well and is not printed: only the message of the cause is.
        AbortException line = new AbortException(cause.getShortDescription());
        new ErrorAction(line);
        interruption.initCause(line);
        return interruption;
    }
}
