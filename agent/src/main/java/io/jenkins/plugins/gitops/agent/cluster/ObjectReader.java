package io.jenkins.plugins.gitops.agent.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the objects of one kind from lists and watch events as they arrive. Never more than one object is in memory,
 * and only its metadata if the sink does not need the content: the rest is skipped during parsing.
 *
 * @param <T> the part of an object that the sink keeps
 */
final class ObjectReader<T> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    private final ResourceKind kind;
    private final ResourceEventHandler<T> sink;

    /** The metadata of a list page; the token of the next page is empty for the last one. */
    record ListPage(String resourceVersion, String next) {}

    /**
     * One event of a watch.
     *
     * @param resourceVersion the version that the watch has reached with it; empty for an error
     * @param object null for a bookmark and an error
     * @param errorCode HTTP status of an error; 0 for any other event
     */
    record WatchEvent<T>(
            String type,
            String resourceVersion,
            @CheckForNull T object,
            int errorCode) {}

    ObjectReader(ResourceKind kind, ResourceEventHandler<T> sink) {
        this.kind = kind;
        this.sink = sink;
    }

    /**
     * Reads one page of a list; does not close the stream.
     *
     * @throws IOException if the stream ends early or is not JSON
     */
    ListPage page(InputStream text, Consumer<T> items) throws IOException {
        Map<String, Object> metadata = Map.of();
        try (JsonParser parser = JSON.createParser(text).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                    metadata = JSON.readValue(parser, OBJECT);
                } else if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        items.accept(sink.read(kind, object(parser)));
                    }
                } else {
                    parser.skipChildren();
                }
            }
            expect(parser, parser.currentToken(), JsonToken.END_OBJECT);
        }
        return new ListPage(
                JsonTree.textOr("", metadata, "resourceVersion"), JsonTree.textOr("", metadata, "continue"));
    }

    /**
     * Reads one event; the API server writes its type before its object.
     *
     * @throws IOException if the text is not an event
     */
    WatchEvent<T> event(String text) throws IOException {
        String type = "";
        try (JsonParser parser = JSON.createParser(text)) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("type")) {
                    type = parser.getText();
                } else if (field.equals("object") && value == JsonToken.START_OBJECT) {
                    return event(type, parser);
                } else {
                    parser.skipChildren();
                }
            }
        }
        throw new IOException("a watch event of type '" + type + "' has no object");
    }

    private WatchEvent<T> event(String type, JsonParser parser) throws IOException {
        switch (type) {
            case "ADDED", "MODIFIED", "DELETED" -> {
                Map<String, Object> object = object(parser);
                return new WatchEvent<>(type, version(object), sink.read(kind, object), 0);
            }
            case "ERROR" -> {
                Map<String, Object> status = JSON.readValue(parser, OBJECT);
                return new WatchEvent<>(type, "", null, (int) JsonTree.numberOr(500, status, "code"));
            }
            default -> {
                return new WatchEvent<>(type, version(JSON.readValue(parser, OBJECT)), null, 0);
            }
        }
    }

    private static String version(Map<String, Object> object) {
        return JsonTree.textOr("", object, "metadata", "resourceVersion");
    }

    /**
     * Reads the next object. Its type is the requested kind: list items do not contain it, and metadata-only responses
     * have the kind PartialObjectMetadata.
     */
    private Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("apiVersion", kind.apiVersion());
        object.put("kind", kind.kind());
        boolean needed = !sink.isMetadataEnough(kind);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("metadata")) {
                object.put(field, JSON.readValue(parser, Object.class));
                if (needed && !sink.isContentNeeded(kind, object)) {
                    needed = false;
                    object.keySet().removeIf(key -> !isHeader(key));
                }
            } else if (needed && !isHeader(field)) {
                object.put(field, JSON.readValue(parser, Object.class));
            } else {
                parser.skipChildren();
            }
        }
        expect(parser, parser.currentToken(), JsonToken.END_OBJECT);
        return object;
    }

    private static boolean isHeader(String field) {
        return field.equals("apiVersion") || field.equals("kind") || field.equals("metadata");
    }

    private static void expect(JsonParser parser, @CheckForNull JsonToken found, JsonToken expected)
            throws IOException {
        if (found != expected) {
            throw new IOException("the API server's answer is not the expected JSON at "
                    + parser.currentLocation().offsetDescription());
        }
    }
}
