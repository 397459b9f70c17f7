package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.SecretMask;

/**
 * An exception caused by a bug of the agent, in a form that may be reported and logged. Its messages may quote any
 * data, including values of Secrets, so they are omitted unless these values are known and can be hidden.
 */
final class UnexpectedFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int MAX_CAUSES = 8;

    private final String description;

    /** @param mask hides the values of all Secrets that the message may quote; null if these are unknown */
    static UnexpectedFailure of(Throwable failure, @CheckForNull SecretMask mask) {
        return of(failure, mask, MAX_CAUSES);
    }

    private static UnexpectedFailure of(Throwable failure, @CheckForNull SecretMask mask, int causes) {
        Throwable cause = failure.getCause();
        return new UnexpectedFailure(failure, mask, cause == null || causes == 0 ? null : of(cause, mask, causes - 1));
    }

    private UnexpectedFailure(Throwable failure, @CheckForNull SecretMask mask, @CheckForNull UnexpectedFailure cause) {
        super(null, cause, false, true);
        String message = mask == null ? null : mask.mask(failure.getMessage());
        description = failure.getClass().getName() + (message == null ? "" : ": " + message);
        setStackTrace(failure.getStackTrace());
    }

    /** One line for the report: the error and its location in the code. */
    String summary() {
        StackTraceElement[] trace = getStackTrace();
        return "internal error: " + description + (trace.length == 0 ? "" : " at " + trace[0])
                + "; see the log of the agent";
    }

    /** The text before the stack trace in the log. */
    @Override
    public String toString() {
        return description;
    }
}
