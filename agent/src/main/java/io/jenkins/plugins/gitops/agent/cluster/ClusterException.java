package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.HttpURLConnection;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The API server refused a request or could not be reached; the message is the server's own, fit to be shown. */
public final class ClusterException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient List<FieldConflict> conflicts;
    private final boolean invalidFields;

    /** A field that another manager owns with another value. */
    public record FieldConflict(String manager, String field) {
        @Override
        public String toString() {
            return manager + ": " + field;
        }
    }

    ClusterException(int code, @CheckForNull String reason, String message, List<FieldConflict> conflicts) {
        this(code, reason, message, conflicts, false);
    }

    /** @param invalidFields whether the server named fields that are not valid */
    ClusterException(
            int code,
            @CheckForNull String reason,
            String message,
            List<FieldConflict> conflicts,
            boolean invalidFields) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.conflicts = List.copyOf(conflicts);
        this.invalidFields = invalidFields;
    }

    static ClusterException unreachable(Throwable cause) {
        ClusterException failure = new ClusterException(0, null, describe(cause), List.of());
        failure.initCause(cause);
        return failure;
    }

    private static String describe(Throwable cause) {
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "the API server cannot be reached or one of its webhooks is slow: no answer in time";
        }
        return "the API server cannot be reached: "
                + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
    }

    /** HTTP status; 0 when there was no answer. */
    public int code() {
        return code;
    }

    public boolean isNotFound() {
        return code == 404;
    }

    /** The API has no such path, since its kind is gone; an object that is missing is named in a {@code Status}. */
    boolean isOfUnknownKind() {
        return code == 404 && reason == null;
    }

    /** Whether other managers own applied fields with other values. */
    public boolean isConflict() {
        return code == 409 && !conflicts.isEmpty();
    }

    /** The object is not valid, as a new one or as the next state of the live one. */
    boolean isInvalid() {
        return code == 422;
    }

    /**
     * Whether RBAC does not grant a verb, unlike an admission that refuses one object. Known by the text that the API server
     * has for it (ForbiddenMessage in its responsewriters/errors.go).
     */
    boolean isUnauthorized(String verb) {
        return code == HttpURLConnection.HTTP_FORBIDDEN && getMessage().contains("\" cannot " + verb + " resource ");
    }

    /**
     * The manifest is valid, but the server does not accept the object now: because of an admission plugin such as a quota, a
     * policy, a webhook that denies it or cannot be called, or missing permissions. That is about this object only, and may
     * change without Git.
     */
    boolean isDenied() {
        return switch (code) {
            // A webhook that gives no code. Where a manifest cannot be decoded, the reason is BadRequest.
            case 400 -> reason == null;
            case 403 -> true;
            case 409 -> conflicts.isEmpty();
            // A ValidatingAdmissionPolicy. Validation names the fields.
            case 422 -> !invalidFields;
            // A webhook that cannot be called. What does not fit the schema has no reason.
            case 500 -> "InternalError".equals(reason);
            default -> false;
        };
    }

    /** The server is away or too busy, which goes by. */
    public boolean isOutage() {
        return code == 0 || code == 429 || code >= 500;
    }

    /** The server's word for what is wrong; null when it said none. */
    @CheckForNull
    public String reason() {
        return reason;
    }

    public List<FieldConflict> conflicts() {
        return conflicts;
    }
}
