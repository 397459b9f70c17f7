package io.jenkins.plugins.gitops.core.render.kustomization;

import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.SortOptions;
import io.jenkins.plugins.gitops.core.render.resource.Gvk;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order of the output: some kinds first, some last, the others by group, version, kind, namespace and name. */
public final class SortOrder {
    static final List<String> FIRST = List.of(
            "Namespace",
            "ResourceQuota",
            "StorageClass",
            "CustomResourceDefinition",
            "ServiceAccount",
            "PodSecurityPolicy",
            "Role",
            "ClusterRole",
            "RoleBinding",
            "ClusterRoleBinding",
            "ConfigMap",
            "Secret",
            "Endpoints",
            "Service",
            "LimitRange",
            "PriorityClass",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Deployment",
            "StatefulSet",
            "CronJob",
            "PodDisruptionBudget");
    static final List<String> LAST = List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration");
    public static final SortOptions UNSORTED = new SortOptions(false, List.of(), List.of());
    public static final SortOptions DEFAULT = new SortOptions(true, FIRST, LAST);

    /** @param rank negative: at the start, positive: at the end */
    private record Sortable(Resource resource, ResourceId id, int rank, String type, String name) {}

    private SortOrder() {}

    public static List<Resource> sorted(List<Resource> resources, SortOptions sortOptions) {
        if (!sortOptions.legacy()) {
            return List.copyOf(resources);
        }
        Map<String, Integer> ranks = new HashMap<>();
        for (int i = 0; i < sortOptions.first().size(); i++) {
            ranks.put(sortOptions.first().get(i), i - sortOptions.first().size());
        }
        for (int i = 0; i < sortOptions.last().size(); i++) {
            ranks.put(sortOptions.last().get(i), i + 1);
        }
        List<Sortable> sortables = new ArrayList<>(resources.size());
        for (Resource resource : resources) {
            sortables.add(sortable(resource, ranks));
        }
        sortables.sort(SortOrder::compare);
        return sortables.stream().map(Sortable::resource).toList();
    }

    private static Sortable sortable(Resource resource, Map<String, Integer> ranks) {
        ResourceId id = resource.id();
        Gvk gvk = id.gvk();
        String type = orElse(gvk.group(), "~G") + "_" + orElse(gvk.version(), "~V") + "_" + orElse(gvk.kind(), "~K");
        String name = orElse(id.namespace(), "~X") + "|" + orElse(id.name(), "~N");
        return new Sortable(resource, id, ranks.getOrDefault(gvk.kind(), 0), type, name);
    }

    private static int compare(Sortable first, Sortable second) {
        if (first.id().gvk().equals(second.id().gvk())) {
            return first.name().compareTo(second.name());
        }
        if (first.rank() != second.rank()) {
            return Integer.compare(first.rank(), second.rank());
        }
        boolean namespaces = first.id().gvk().kind().equals("Namespace")
                && second.id().gvk().kind().equals("Namespace")
                && (first.id().gvk().group().isEmpty()
                        || second.id().gvk().group().isEmpty());
        Comparator<String> order = namespaces ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return order.compare(first.type(), second.type());
    }

    private static String orElse(String text, String other) {
        return text.isEmpty() ? other : text;
    }
}
