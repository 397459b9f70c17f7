package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads Kubernetes' aggregated discovery: all groups, versions and resources of an API server in one response. */
final class ApiDiscovery {
    /** Media types of {@code /apis}; API servers before 1.26 respond only with a list of groups. */
    static final String ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private static final Set<String> VERBS = Set.of("list", "watch", "delete");

    private ApiDiscovery() {}

    /** Custom kinds whose objects can be listed, watched and deleted, each in its preferred version. */
    static List<ResourceKind> customKinds(Map<String, Object> answer) {
        Set<String> seen = new HashSet<>(
                ResourceKind.builtIn().stream().map(ResourceKind::groupKind).collect(Collectors.toSet()));
        List<ResourceKind> kinds = new ArrayList<>();
        for (Object group : JsonTree.list(answer, "items")) {
            String name = JsonTree.textOr("", group, "metadata", "name");
            for (Object version : JsonTree.list(group, "versions")) {
                String apiVersion = name + "/" + JsonTree.textOr("", version, "version");
                for (Object resource : JsonTree.list(version, "resources")) {
                    ResourceKind kind = ResourceKind.of(
                            apiVersion,
                            JsonTree.textOr("", resource, "responseKind", "kind"),
                            JsonTree.textOr("", resource, "resource"),
                            "Namespaced".equals(JsonTree.text(resource, "scope")));
                    if (JsonTree.list(resource, "verbs").containsAll(VERBS) && seen.add(kind.groupKind())) {
                        kinds.add(kind);
                    }
                }
            }
        }
        return kinds;
    }
}
