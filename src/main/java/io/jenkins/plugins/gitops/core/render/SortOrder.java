package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.render.Kustomization.Sorting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order of the output: some kinds first, some last, the others by group, version, kind, namespace and name. */
final class SortOrder {
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
    static final Sorting UNSORTED = new Sorting(false, List.of(), List.of());
    static final Sorting DEFAULT = new Sorting(true, FIRST, LAST);

    /**
     * @param rank negative: comes first, positive: comes last
     */
    private record Sortable(Resource resource, ResId id, int rank, String type, String name) {}

    private SortOrder() {}

    static List<Resource> sorted(List<Resource> resources, Sorting sorting) {
        if (!sorting.legacy()) {
            return List.copyOf(resources);
        }
        Map<String, Integer> ranks = new HashMap<>();
        for (int i = 0; i < sorting.first().size(); i++) {
            ranks.put(sorting.first().get(i), i - sorting.first().size());
        }
        for (int i = 0; i < sorting.last().size(); i++) {
            ranks.put(sorting.last().get(i), i + 1);
        }
        List<Sortable> sortables = new ArrayList<>(resources.size());
        for (Resource resource : resources) {
            sortables.add(sortable(resource, ranks));
        }
        sortables.sort(SortOrder::compare);
        return sortables.stream().map(Sortable::resource).toList();
    }

    private static Sortable sortable(Resource resource, Map<String, Integer> ranks) {
        ResId id = resource.id();
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
