package io.jenkins.plugins.gitops.core.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Parses the query of a request for applications as Argo CD 3.5.1 does, for simulated servers. */
public final class ArgoCdQuery {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Argo CD matches whole names only and ignores all others without an error. */
    private static final Set<String> FIELDS = Set.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.annotations",
            "metadata.labels",
            "metadata.creationTimestamp",
            "metadata.deletionTimestamp",
            "spec",
            "spec.destination",
            "spec.project",
            "spec.source",
            "spec.sources",
            "spec.sourceHydrator",
            "spec.syncPolicy",
            "operation.sync",
            "status.sourceHydrator",
            "status.summary",
            "status.sync.status",
            "status.sync.revision",
            "status.health",
            "status.resources",
            "status.operationState.startedAt",
            "status.operationState.finishedAt",
            "status.operationState.phase",
            "status.operationState.operation.sync");

    private final String query;

    /**
     * Parses a query.
     *
     * @param query the raw query of the request; empty if there is none
     */
    public ArgoCdQuery(String query) {
        this.query = query;
    }

    /** Returns the decoded values of a parameter, in order. */
    public List<String> values(String name) {
        return Arrays.stream(query.split("&"))
                .filter(p -> p.startsWith(name + "="))
                .map(p -> URLDecoder.decode(p.substring(name.length() + 1), StandardCharsets.UTF_8))
                .toList();
    }

    /** Whether the application belongs to a requested project. */
    public boolean selects(JsonNode application) {
        return values("projects").contains(application.at("/spec/project").asText());
    }

    /** Returns the application reduced to the requested {@code fields}; all of it if none are requested. */
    public JsonNode item(JsonNode application) {
        List<String> fields = values("fields");
        return fields.isEmpty() ? application : reduced(application, fields.get(0));
    }

    private static ObjectNode reduced(JsonNode application, String fields) {
        ObjectNode item = JSON.createObjectNode();
        for (String field : fields.split(",")) {
            String name = field.startsWith("items.") ? field.substring("items.".length()) : "";
            if (FIELDS.contains(name)) {
                copy(application, item, name.split("\\."), 0);
            }
        }
        return item;
    }

    private static void copy(JsonNode from, ObjectNode to, String[] path, int index) {
        JsonNode value = from.get(path[index]);
        if (value != null && index == path.length - 1) {
            to.set(path[index], value);
        } else if (value != null) {
            copy(value, to.withObject("/" + path[index]), path, index + 1);
        }
    }
}
