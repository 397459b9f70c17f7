package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.HttpURLConnection;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The API server rejected a request or could not be reached. The message is the server's own and may be shown to users.
 */
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

    /** @param invalidFields whether the server named invalid fields */
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

    /** HTTP status; 0 if there was no response. */
    public int code() {
        return code;
    }

    public boolean isNotFound() {
        return code == 404;
    }

    /**
     * Whether the API has no such path, since the kind no longer exists; for a missing object, the response is a {@code
     * Status}.
     */
    boolean isOfUnknownKind() {
        return code == 404 && reason == null;
    }

    /** Whether other managers own applied fields with other values. */
    public boolean isConflict() {
        return code == 409 && !conflicts.isEmpty();
    }

    /** Whether the object is invalid, either as a new one or as an update of the live one. */
    boolean isInvalid() {
        return code == 422;
    }

    /**
     * Whether RBAC does not allow a verb, as opposed to an admission plugin that rejects one object. Recognized by the
     * API server's message (ForbiddenMessage in its responsewriters/errors.go).
     */
    boolean isUnauthorized(String verb) {
        return code == HttpURLConnection.HTTP_FORBIDDEN && getMessage().contains("\" cannot " + verb + " resource ");
    }

    /**
     * Whether the manifest is valid, but the server does not accept the object now: because of an admission plugin such
     * as a quota, a policy, a webhook that denies it or is unreachable, or missing permissions. This concerns only this
     * object, and may change without a change in Git.
     */
    boolean isDenied() {
        return switch (code) {
            // A webhook without a status code. If a manifest cannot be decoded, the reason is BadRequest.
            case 400 -> reason == null;
            case 403 -> true;
            case 409 -> conflicts.isEmpty();
            // A ValidatingAdmissionPolicy, unlike validation, names no fields.
            case 422 -> !invalidFields;
            // An unreachable webhook. A schema violation has no reason.
            case 500 -> "InternalError".equals(reason);
            default -> false;
        };
    }

    /** Whether the server is unreachable or overloaded, which is temporary. */
    public boolean isOutage() {
        return code == 0 || code == 429 || code >= 500;
    }

    /** The server's reason, one word; null if there is none. */
    @CheckForNull
    public String reason() {
        return reason;
    }

    public List<FieldConflict> conflicts() {
        return conflicts;
    }
}
