package io.jenkins.plugins.gitops.agent.embedded;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.List;
import java.util.Map;

/** A request failed; the response is a {@code Status} object. */
final class ApiStatusException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient List<Map<String, Object>> causes;

    private ApiStatusException(int code, String reason, String message, List<Map<String, Object>> causes) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.causes = causes;
    }

    static ApiStatusException notFound(String plural, String name) {
        return new ApiStatusException(404, "NotFound", plural + " \"" + name + "\" not found", List.of());
    }

    static ApiStatusException noSuchKind() {
        return new ApiStatusException(404, "NotFound", "the server could not find the requested resource", List.of());
    }

    static ApiStatusException exists(String plural, String name) {
        return new ApiStatusException(409, "AlreadyExists", plural + " \"" + name + "\" already exists", List.of());
    }

    static ApiStatusException stale(String plural, String name) {
        return new ApiStatusException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + plural + " \"" + name
                        + "\": the object has been modified; please apply your changes to the latest version and try again",
                List.of());
    }

    static ApiStatusException invalid(String kind, String name, String why) {
        Map<String, Object> cause = Map.of(
                "reason",
                "FieldValueInvalid",
                "message",
                why,
                "field",
                why.substring(0, Math.max(0, why.indexOf(':'))));
        return new ApiStatusException(422, "Invalid", kind + " \"" + name + "\" is invalid: " + why, List.of(cause));
    }

    static ApiStatusException badRequest(String why) {
        return new ApiStatusException(400, "BadRequest", why, List.of());
    }

    static ApiStatusException notAllowed(String method) {
        return new ApiStatusException(
                405, "MethodNotAllowed", "the server does not allow " + method + " here", List.of());
    }

    static ApiStatusException mediaType(String type) {
        return new ApiStatusException(
                415, "UnsupportedMediaType", "the body of the request was in an unknown format: " + type, List.of());
    }

    static ApiStatusException conflicts(List<FieldManagers.ManagerConflict> conflicts) {
        StringBuilder message = new StringBuilder(
                "Apply failed with " + conflicts.size() + (conflicts.size() == 1 ? " conflict: " : " conflicts: "));
        for (int i = 0; i < conflicts.size(); i++) {
            FieldManagers.ManagerConflict conflict = conflicts.get(i);
            message.append(i == 0 ? "" : ", ")
                    .append("conflict with \"" + conflict.manager() + "\": ")
                    .append(FieldSet.display(conflict.path()));
        }
        List<Map<String, Object>> causes = conflicts.stream()
                .map(c -> Map.<String, Object>of(
                        "reason",
                        "FieldManagerConflict",
                        "message",
                        "conflict with \"" + c.manager() + "\"",
                        "field",
                        FieldSet.display(c.path())))
                .toList();
        return new ApiStatusException(409, "Conflict", message.toString(), causes);
    }

    int code() {
        return code;
    }

    /** Returns the {@code Status} object as JSON. */
    String status() {
        return JsonTree.format(Map.of(
                "kind",
                "Status",
                "apiVersion",
                "v1",
                "metadata",
                Map.of(),
                "status",
                "Failure",
                "message",
                getMessage(),
                "reason",
                reason,
                "details",
                Map.of("causes", causes),
                "code",
                code));
    }
}
