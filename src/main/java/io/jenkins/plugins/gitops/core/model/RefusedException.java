package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A request that was understood and refused before anything was changed: the message says where, what and the way out,
 * and is fit to be shown to the user as it is: one line, whatever names and texts from outside are in it. Holds no secret.
 */
public class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param what what is wrong, one sentence without a full stop
     * @param wayOut what the user can do, one sentence without a full stop
     */
    public RefusedException(String what, String wayOut) {
        this(null, what, wayOut);
    }

    /**
     * @param location where; null when no file is to blame
     * @param what what is wrong, one sentence without a full stop
     * @param wayOut what the user can do, one sentence without a full stop
     */
    public RefusedException(@CheckForNull SourceLocation location, String what, String wayOut) {
        super((location == null ? "" : CleanText.line(location.toString()) + ": ") + CleanText.line(what) + ". "
                + CleanText.line(wayOut) + ".");
    }

    /** The same with what led to it; the cause's own message is not shown. */
    public RefusedException causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }
}
