package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/**
 * Checks whether the compared source is the one that the Application has now. If its source has changed since, the
 * status belongs to the former one.
 */
final class ComparedSource {
    private ComparedSource() {}

    /** @param comparedTo the compared source in the status */
    static boolean isCurrent(JsonNode spec, JsonNode comparedTo) {
        JsonNode sources = JsonNodes.at(spec, "sources");
        boolean sameSource = sources.isEmpty()
                ? same(JsonNodes.at(spec, "source"), JsonNodes.at(comparedTo, "source"))
                : same(sources, JsonNodes.at(comparedTo, "sources"));
        return sameSource
                && sameDestination(JsonNodes.at(spec, "destination"), JsonNodes.at(comparedTo, "destination"));
    }

    /** One side may give the cluster by its name, and the other by its URL. */
    private static boolean sameDestination(JsonNode one, JsonNode other) {
        return JsonNodes.text(one, "namespace").equals(JsonNodes.text(other, "namespace"))
                && agree(JsonNodes.text(one, "server"), JsonNodes.text(other, "server"))
                && agree(JsonNodes.text(one, "name"), JsonNodes.text(other, "name"));
    }

    private static boolean agree(String one, String other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    /** Whether both are equal, where empty and absent values count as equal. */
    private static boolean same(JsonNode one, JsonNode other) {
        return withoutEmpty(one.deepCopy()).equals(withoutEmpty(other.deepCopy()));
    }

    private static JsonNode withoutEmpty(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Iterator<Map.Entry<String, JsonNode>> fields = object.fields();
            while (fields.hasNext()) {
                JsonNode value = withoutEmpty(fields.next().getValue());
                boolean empty = value.isNull()
                        || value.isContainerNode() && value.isEmpty()
                        || value.isTextual() && value.textValue().isEmpty();
                if (empty) {
                    fields.remove();
                }
            }
        } else if (node.isArray()) {
            node.forEach(ComparedSource::withoutEmpty);
        }
        return node;
    }
}
