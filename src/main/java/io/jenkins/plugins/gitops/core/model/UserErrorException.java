package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A request that was understood and refused before anything was changed: the message says where, what and the way out,
 * and is fit to be shown to the user as it is: one line, whatever names and texts from outside are in it. Holds no secret.
 */
public class UserErrorException extends Exception {
    private static final long serialVersionUID = 1L;

    @CheckForNull
    private final SourceLocation location;

    /**
     * @param problem what is wrong, one sentence without a full stop
     * @param remedy what the user can do, one sentence without a full stop
     */
    public UserErrorException(String problem, String remedy) {
        this(null, problem, remedy);
    }

    /**
     * @param location where; null when no file is to blame
     * @param problem what is wrong, one sentence without a full stop
     * @param remedy what the user can do, one sentence without a full stop
     */
    public UserErrorException(@CheckForNull SourceLocation location, String problem, String remedy) {
        super((location == null ? "" : TextSanitizer.line(location.toString()) + ": ") + TextSanitizer.line(problem)
                + ". " + TextSanitizer.line(remedy) + ".");
        this.location = location;
    }

    /** Where; null when no file is to blame. The message contains it. */
    @CheckForNull
    public SourceLocation location() {
        return location;
    }

    /** The same with what led to it; the cause's own message is not shown. */
    public UserErrorException causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }
}
