package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what an Argo CD server answers. Errors hold nothing of the answer. */
public final class ArgoAnswers {
    private ArgoAnswers() {}

    /**
     * The answer to a list of applications.
     *
     * @param applications those that have a name
     * @param serverNamespace the namespace of the server itself; null when none was compared yet
     */
    public record Listing(
            List<ArgoState> applications, @CheckForNull String serverNamespace) {}

    /**
     * @param now when it came
     * @param serverNamespace as far as it is known from before
     * @throws IOException when it is not what a server answers
     */
    public static Listing list(byte[] body, Instant now, @CheckForNull String serverNamespace) throws IOException {
        List<JsonNode> items = new ArrayList<>();
        try (JsonParser parser = Nodes.JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean list = parser.currentName().equals("items");
                if (parser.nextToken() == JsonToken.START_ARRAY && list) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        items.add(parser.readValueAsTree());
                    }
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                throw malformed();
            }
        } catch (JsonProcessingException e) {
            throw malformed();
        }
        String namespace = items.stream()
                .map(ArgoApplicationReader::serverNamespace)
                .filter(found -> found != null)
                .findFirst()
                .orElse(serverNamespace);
        return new Listing(
                items.stream()
                        .flatMap(item -> ArgoApplicationReader.read(item, now, namespace).stream())
                        .toList(),
                namespace);
    }

    /**
     * One application.
     *
     * @param tree the answer to its resource tree; null when it was not asked for
     * @throws IOException when it is not what a server answers
     */
    public static ArgoState application(
            byte[] body, @CheckForNull byte[] tree, Instant now, @CheckForNull String serverNamespace)
            throws IOException {
        JsonNode resources = tree == null ? Nodes.JSON.missingNode() : parse(tree);
        Optional<ArgoState> read = ArgoApplicationReader.read(parse(body), resources, now, serverNamespace);
        return read.orElseThrow(ArgoAnswers::malformed);
    }

    /**
     * What keeps an application from being synced, from the answer to its sync windows.
     *
     * @return one line; null when it may be synced
     * @throws IOException when it is not what a server answers
     */
    @CheckForNull
    public static String blockedBy(byte[] body) throws IOException {
        JsonNode answer = parse(body);
        if (!answer.path("canSync").isBoolean()) {
            // An application without any window: an empty object.
            return null;
        }
        if (answer.path("canSync").asBoolean()) {
            return null;
        }
        List<String> windows = new ArrayList<>();
        for (JsonNode window : Nodes.at(answer, "activeWindows")) {
            windows.add(Nodes.text(window, "kind") + " " + Nodes.text(window, "schedule") + " for "
                    + Nodes.text(window, "duration"));
        }
        return "blocked by a sync window"
                + (windows.isEmpty() ? "" : " (" + Nodes.line(String.join("; ", windows)) + ")");
    }

    /**
     * The application that a notification of the documented template is about.
     *
     * @return its {@link ArgoState#key}
     * @throws IOException when it is of another template
     */
    public static String notified(byte[] body) throws IOException {
        JsonNode notification = parse(body);
        String name = Nodes.text(notification, "app");
        String namespace = Nodes.text(notification, "namespace");
        if (name.isEmpty() || namespace.isEmpty()) {
            throw malformed();
        }
        return namespace + "/" + name;
    }

    private static JsonNode parse(byte[] body) throws IOException {
        JsonNode node;
        try {
            node = Nodes.JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw malformed();
        }
        if (!node.isObject()) {
            throw malformed();
        }
        return node;
    }

    private static IOException malformed() {
        return new IOException("the answer is not what an Argo CD server gives");
    }
}
