package io.jenkins.plugins.gitops.core.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * A valid request that was rejected before anything was changed. The message contains location, problem and remedy, and
 * can be shown to the user unchanged: it is one line, whatever external names and texts it includes, and contains no
 * secret.
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
     * @param location the location; null if no file is the cause
     * @param problem what is wrong, one sentence without a full stop
     * @param remedy what the user can do, one sentence without a full stop
     */
    public UserErrorException(@CheckForNull SourceLocation location, String problem, String remedy) {
        super((location == null ? "" : TextSanitizer.line(location.toString()) + ": ") + TextSanitizer.line(problem)
                + ". " + TextSanitizer.line(remedy) + ".");
        this.location = location;
    }

    /** The location; null if no file is the cause. The message contains it. */
    @CheckForNull
    public SourceLocation location() {
        return location;
    }

    /** Sets the cause and returns this exception; the cause's message is not shown. */
    public UserErrorException causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }
}
