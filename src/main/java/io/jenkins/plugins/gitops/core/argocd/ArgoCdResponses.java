package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads the responses of an Argo CD server. Error messages contain nothing of the response. */
public final class ArgoCdResponses {
    private ArgoCdResponses() {}

    /**
     * The response to a list request.
     *
     * @param applications those that have a name
     * @param serverNamespace the namespace of the server itself; null if no application has been compared yet
     */
    public record ApplicationListing(
            List<ArgoCdApplication> applications,
            @CheckForNull String serverNamespace) {}

    /**
     * Reads the response to a list request.
     *
     * @param now when it was received
     * @param serverNamespace the namespace as already known; null if unknown
     * @throws IOException if it is not a valid response
     */
    public static ApplicationListing list(byte[] body, Instant now, @CheckForNull String serverNamespace)
            throws IOException {
        List<JsonNode> items = new ArrayList<>();
        try (JsonParser parser = JsonNodes.JSON.createParser(body)) {
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
                .map(ArgoCdApplicationReader::serverNamespace)
                .filter(found -> found != null)
                .findFirst()
                .orElse(serverNamespace);
        return new ApplicationListing(
                items.stream()
                        .flatMap(item -> ArgoCdApplicationReader.read(item, now, namespace).stream())
                        .toList(),
                namespace);
    }

    /**
     * Reads one application.
     *
     * @param tree the response to the resource tree request; null if it was not requested
     * @throws IOException if it is not a valid response
     */
    public static ArgoCdApplication application(
            byte[] body, @CheckForNull byte[] tree, Instant now, @CheckForNull String serverNamespace)
            throws IOException {
        JsonNode resources = tree == null ? JsonNodes.JSON.missingNode() : parse(tree);
        Optional<ArgoCdApplication> read = ArgoCdApplicationReader.read(parse(body), resources, now, serverNamespace);
        return read.orElseThrow(ArgoCdResponses::malformed);
    }

    /** A line of the stream of applications. */
    public record ApplicationEvent(boolean deleted, ArgoCdApplication application) {}

    /**
     * Reads one line of the stream of applications.
     *
     * @param line one JSON object
     * @param now when it was received
     * @param serverNamespace the namespace as already known; null if unknown
     * @return empty if the application has no name
     * @throws IOException if it is not a valid line; also for the error that a stream may end with
     */
    public static Optional<ApplicationEvent> event(byte[] line, Instant now, @CheckForNull String serverNamespace)
            throws IOException {
        JsonNode result = JsonNodes.at(parse(line), "result");
        JsonNode application = JsonNodes.at(result, "application");
        if (!application.isObject()) {
            throw malformed();
        }
        boolean deleted = JsonNodes.text(result, "type").equals("DELETED");
        String own = Objects.requireNonNullElse(
                ArgoCdApplicationReader.serverNamespace(application), Objects.toString(serverNamespace, ""));
        return ArgoCdApplicationReader.read(application, now, own.isEmpty() ? null : own)
                .map(state -> new ApplicationEvent(deleted, state));
    }

    /**
     * The resources in a resource tree that are Degraded, with the reasons.
     *
     * @throws IOException if it is not a valid response
     */
    public static List<ResourceStatus> degraded(byte[] tree) throws IOException {
        return UnreadyResources.degradedIn(parse(tree));
    }

    /**
     * Reads a live object.
     *
     * @return empty if it has no pod template
     * @throws IOException if it is not a valid response
     */
    public static Optional<Workload> workload(byte[] body) throws IOException {
        return Workload.read(parse(JsonNodes.text(parse(body), "manifest").getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The application in a notification that uses the documented template.
     *
     * @return its {@link ArgoCdApplication#key}
     * @throws IOException if it uses another template
     */
    public static String notified(byte[] body) throws IOException {
        JsonNode notification = parse(body);
        String name = JsonNodes.text(notification, "app");
        String namespace = JsonNodes.text(notification, "namespace");
        if (name.isEmpty() || namespace.isEmpty()) {
            throw malformed();
        }
        return namespace + "/" + name;
    }

    static JsonNode parse(byte[] body) throws IOException {
        JsonNode node;
        try {
            node = JsonNodes.JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw malformed();
        }
        if (!node.isObject()) {
            throw malformed();
        }
        return node;
    }

    static IOException malformed() {
        return new IOException("the response is not that of an Argo CD server");
    }
}
