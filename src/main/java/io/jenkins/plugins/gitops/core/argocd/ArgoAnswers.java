package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.sync.Report.Resource;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    /** A line of the stream of applications. */
    public record Event(boolean deleted, ArgoState application) {}

    /**
     * One line of the stream of applications.
     *
     * @param line one JSON object
     * @param now when it came
     * @param serverNamespace as far as it is known from before
     * @return empty when it is about an application without a name
     * @throws IOException when it is not a line of that stream; also for the error with which a stream may end
     */
    public static Optional<Event> event(byte[] line, Instant now, @CheckForNull String serverNamespace)
            throws IOException {
        JsonNode result = Nodes.at(parse(line), "result");
        JsonNode application = Nodes.at(result, "application");
        if (!application.isObject()) {
            throw malformed();
        }
        boolean deleted = Nodes.text(result, "type").equals("DELETED");
        String own = Objects.requireNonNullElse(
                ArgoApplicationReader.serverNamespace(application), Objects.toString(serverNamespace, ""));
        return ArgoApplicationReader.read(application, now, own.isEmpty() ? null : own)
                .map(state -> new Event(deleted, state));
    }

    /**
     * What a resource tree says is Degraded, and why.
     *
     * @throws IOException when it is not what a server answers
     */
    public static List<Resource> degraded(byte[] tree) throws IOException {
        return ArgoResources.degradedIn(parse(tree));
    }

    /**
     * A live object.
     *
     * @return empty when it has no pod template
     * @throws IOException when it is not what a server answers
     */
    public static Optional<Workload> workload(byte[] body) throws IOException {
        return Workload.read(parse(Nodes.text(parse(body), "manifest").getBytes(StandardCharsets.UTF_8)));
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

    static JsonNode parse(byte[] body) throws IOException {
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

    static IOException malformed() {
        return new IOException("the answer is not what an Argo CD server gives");
    }
}
