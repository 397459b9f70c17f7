package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/** Reads values from responses, any part of which may be missing. */
final class JsonNodes {
    /** Without the source in error locations: what a server returns must not be logged. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** The middle of a longer text is omitted. */
    static final int MAX_TEXT = 600;

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private JsonNodes() {}

    /** The text at a path; empty if there is none. */
    static String text(JsonNode from, String... way) {
        JsonNode node = at(from, way);
        return node.isTextual() ? node.textValue() : "";
    }

    /** The node at a path; a missing node if there is none or it is null. */
    static JsonNode at(JsonNode from, String... way) {
        JsonNode node = from;
        for (String key : way) {
            node = node.path(key);
        }
        return node.isNull() ? MissingNode.getInstance() : node;
    }

    /** A text as one line of bounded length; null if it is empty. */
    @CheckForNull
    static String line(String text) {
        String line = TextSanitizer.middle(text, MAX_TEXT);
        return line.isEmpty() ? null : line;
    }

    /** The text if it is a full commit id; null for a branch, a version or an empty text. */
    @CheckForNull
    static String commit(String revision) {
        return COMMIT.matcher(revision).matches() ? revision : null;
    }

    /** The time at a path; null if there is none or it is malformed. */
    @CheckForNull
    static Instant instant(JsonNode from, String... way) {
        String text = text(from, way);
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
