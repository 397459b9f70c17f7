package io.jenkins.plugins.gitops.core.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Extracts the relevant values of a push: a few short texts near the top of the message. Reads it as a stream, since
 * the lists of commits and files may be large.
 */
final class PushPayloadScanner {
    /** The caller owns the stream and closes it. */
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

    private static final int MAX_TEXT_LENGTH = 1024;
    private static final Set<String> TEXTS = Set.of("ref", "after", "object_kind", "event_name");
    /** The objects that describe the repository. */
    private static final Set<String> REPOSITORIES = Set.of("repository", "project");
    /** The keys of its name there, the most reliable first. */
    private static final List<String> NAMES = List.of("path_with_namespace", "full_name", "key/slug");

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();

    private PushPayloadScanner() {}

    /**
     * Reads a message, and possibly some of the bytes after it.
     *
     * @return empty if it is not a JSON object
     * @throws IOException if it cannot be read, or is malformed
     */
    static Optional<PushPayloadScanner> of(InputStream body) throws IOException {
        PushPayloadScanner scan = new PushPayloadScanner();
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                scan.field(json);
            }
        }
        return Optional.of(scan);
    }

    private void field(JsonParser json) throws IOException {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (value == JsonToken.VALUE_STRING && TEXTS.contains(name)) {
            keep(texts, name, json);
        } else if (value == JsonToken.START_OBJECT && REPOSITORIES.contains(name)) {
            repository(json);
        } else {
            json.skipChildren();
        }
    }

    private void repository(JsonParser json) throws IOException {
        Map<String, String> found = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_STRING && (NAMES.contains(name) || name.equals("slug"))) {
                keep(found, name, json);
            } else if (value == JsonToken.START_OBJECT && name.equals("project")) {
                key(json, found);
            } else {
                json.skipChildren();
            }
        }
        if (found.containsKey("key") && found.containsKey("slug")) {
            found.put("key/slug", found.get("key") + "/" + found.get("slug"));
        }
        names.putAll(found);
    }

    /** Reads a key in the format of Bitbucket Data Center. */
    private static void key(JsonParser json, Map<String, String> found) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_STRING && name.equals("key")) {
                keep(found, name, json);
            } else {
                json.skipChildren();
            }
        }
    }

    private static void keep(Map<String, String> texts, String name, JsonParser json) throws IOException {
        String text = json.getText();
        if (text.length() <= MAX_TEXT_LENGTH) {
            texts.putIfAbsent(name, text);
        }
    }

    /** Null if it is missing, not a text, or too long. */
    @CheckForNull
    String text(String name) {
        return texts.get(name);
    }

    /** The name of the repository, such as {@code group/name}; null if the message has none. */
    @CheckForNull
    String repository() {
        return NAMES.stream()
                .map(names::get)
                .filter(name -> name != null)
                .findFirst()
                .orElse(null);
    }
}
