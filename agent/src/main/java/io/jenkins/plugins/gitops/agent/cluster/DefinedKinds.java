package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;
import java.util.Optional;

/**
 * Finds kinds that the cluster does not know yet, and that a CustomResourceDefinition of the same application defines.
 */
final class DefinedKinds {
    private DefinedKinds() {}

    /** The kind of a custom object according to its definition among the desired objects; empty if there is none. */
    static Optional<ResourceKind> find(DesiredState desired, DesiredObject custom) {
        return desired.objects().stream()
                .filter(o -> o.kindName().equals("CustomResourceDefinition"))
                .map(o -> JsonTree.map(o.manifest(), "spec"))
                .filter(spec -> custom.kindName().equals(JsonTree.text(spec, "names", "kind"))
                        && custom.group().equals(JsonTree.text(spec, "group")))
                .map(spec -> kind(spec, custom))
                .findFirst();
    }

    private static ResourceKind kind(Map<String, Object> spec, DesiredObject custom) {
        return ResourceKind.of(
                custom.apiVersion(),
                custom.kindName(),
                JsonTree.textOr("", spec, "names", "plural"),
                !"Cluster".equals(JsonTree.text(spec, "scope")));
    }
}
