package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The served kinds: the built-in ones, and those of the stored CustomResourceDefinitions. */
final class KindRegistry {
    private static final String CRD_GROUP = "apiextensions.k8s.io";

    private final ObjectStore store;

    KindRegistry(ObjectStore store) {
        this.store = store;
    }

    @CheckForNull
    ResourceKind find(String group, String version, String plural) {
        return all().stream()
                .filter(k -> k.group().equals(group)
                        && k.version().equals(version)
                        && k.plural().equals(plural))
                .findFirst()
                .orElse(null);
    }

    private List<ResourceKind> all() {
        List<ResourceKind> all = new ArrayList<>(ResourceKind.builtIn());
        for (Map<String, Object> crd :
                store.list(CRD_GROUP, "customresourcedefinitions", "").values()) {
            for (Object version : JsonTree.list(crd, "spec", "versions")) {
                all.add(new ResourceKind(
                        JsonTree.textOr("", crd, "spec", "group"),
                        JsonTree.textOr("v1", version, "name"),
                        JsonTree.textOr("", crd, "spec", "names", "kind"),
                        JsonTree.textOr("", crd, "spec", "names", "plural"),
                        !"Cluster".equals(JsonTree.text(crd, "spec", "scope"))));
            }
        }
        return all;
    }

    /** Returns the {@code APIResourceList} of a group and version; null if it is not served. */
    @CheckForNull
    Map<String, Object> resources(String apiVersion) {
        List<Map<String, Object>> resources = all().stream()
                .filter(kind -> kind.apiVersion().equals(apiVersion))
                .map(kind -> Map.<String, Object>of(
                        "name", kind.plural(),
                        "singularName", "",
                        "namespaced", kind.namespaced(),
                        "kind", kind.kind(),
                        "verbs", List.of("create", "delete", "get", "list", "patch", "update", "watch")))
                .toList();
        return resources.isEmpty()
                ? null
                : Map.of(
                        "kind",
                        "APIResourceList",
                        "apiVersion",
                        "v1",
                        "groupVersion",
                        apiVersion,
                        "resources",
                        resources);
    }
}
