package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/** Whether what was compared is what the Application asks for now: after its source was changed, the status is another's. */
final class Comparisons {
    private Comparisons() {}

    /** @param comparedTo what the status says was compared */
    static boolean isOfThis(JsonNode spec, JsonNode comparedTo) {
        JsonNode sources = Nodes.at(spec, "sources");
        boolean sameSource = sources.isEmpty()
                ? same(Nodes.at(spec, "source"), Nodes.at(comparedTo, "source"))
                : same(sources, Nodes.at(comparedTo, "sources"));
        return sameSource && sameDestination(Nodes.at(spec, "destination"), Nodes.at(comparedTo, "destination"));
    }

    /** A cluster may be given by its name or its URL, and be told by the other. */
    private static boolean sameDestination(JsonNode one, JsonNode other) {
        return Nodes.text(one, "namespace").equals(Nodes.text(other, "namespace"))
                && agree(Nodes.text(one, "server"), Nodes.text(other, "server"))
                && agree(Nodes.text(one, "name"), Nodes.text(other, "name"));
    }

    private static boolean agree(String one, String other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    /** Equal but for what is empty on one side and absent on the other. */
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
            node.forEach(Comparisons::withoutEmpty);
        }
        return node;
    }
}
