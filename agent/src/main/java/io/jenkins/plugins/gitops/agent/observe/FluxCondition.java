package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * One condition in the status of a Flux object.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}; empty if the object has no such condition
 * @param reason empty if there is none
 * @param message one line; empty if there is none
 * @param since when it last changed; null if unknown
 */
public record FluxCondition(
        String status,
        String reason,
        String message,
        @CheckForNull Instant since) {
    /** A missing condition. */
    static final FluxCondition NONE = new FluxCondition("", "", "", null);

    static FluxCondition of(Map<String, Object> object, String type) {
        for (Object condition : JsonTree.list(object, "status", "conditions")) {
            if (type.equals(JsonTree.text(condition, "type"))) {
                return new FluxCondition(
                        JsonTree.textOr("", condition, "status"),
                        JsonTree.textOr("", condition, "reason"),
                        TextSanitizer.line(JsonTree.textOr("", condition, "message")),
                        instant(JsonTree.text(condition, "lastTransitionTime")));
            }
        }
        return NONE;
    }

    boolean isTrue() {
        return status.equals("True");
    }

    boolean isFalse() {
        return status.equals("False");
    }

    /** Null if the text is not a time. */
    @CheckForNull
    static Instant instant(@CheckForNull String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
