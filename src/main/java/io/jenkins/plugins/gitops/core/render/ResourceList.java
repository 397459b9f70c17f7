package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The resources of a kustomization in the order in which they were read, with look-up by id. */
final class ResourceList {
    private final List<Resource> resources = new ArrayList<>();
    private Set<ResId.Key> currentIds;
    private Map<ResId.Key, List<Resource>> byAnyId;

    /** Live, to be read only. */
    List<Resource> resources() {
        return resources;
    }

    /** @throws RefusedException when there is such a resource already */
    void append(Resource resource) throws RefusedException {
        if (currentIds == null) {
            Set<ResId.Key> ids = new HashSet<>();
            resources.forEach(present -> ids.add(present.id().key()));
            currentIds = ids;
        }
        if (!currentIds.add(resource.id().key())) {
            throw collision(resource);
        }
        resources.add(resource);
        byAnyId = null;
    }

    void appendAll(List<Resource> more) throws RefusedException {
        for (Resource resource : more) {
            append(resource);
        }
    }

    /** @throws RefusedException when two resources have come to the same id */
    void checkIds() throws RefusedException {
        Set<ResId.Key> ids = new HashSet<>();
        for (Resource resource : resources) {
            if (!ids.add(resource.id().key())) {
                throw collision(resource);
            }
        }
        currentIds = ids;
    }

    private static RefusedException collision(Resource resource) {
        return new RefusedException(
                resource.location(),
                "there are two resources " + resource.id(),
                "Remove one of them, or give it another name or namespace");
    }

    /** The resources that have, or had, the id. */
    List<Resource> byAnyId(ResId id) {
        if (byAnyId == null) {
            Map<ResId.Key, List<Resource>> index = new HashMap<>();
            resources.forEach(resource -> addTo(index, resource));
            byAnyId = index;
        }
        return byAnyId.getOrDefault(id.key(), List.of());
    }

    private static void addTo(Map<ResId.Key, List<Resource>> index, Resource resource) {
        if (resource.isDeleted()) {
            return;
        }
        Set<ResId.Key> keys = new HashSet<>();
        resource.previousIds().forEach(id -> keys.add(id.key()));
        keys.add(resource.id().key());
        keys.forEach(
                key -> index.computeIfAbsent(key, any -> new ArrayList<>(1)).add(resource));
    }

    /** To be called after names, namespaces, kinds or annotations of a resource may have changed. */
    void idsChanged() {
        currentIds = null;
        byAnyId = null;
    }

    void replace(Resource old, Resource replacement) {
        resources.set(resources.indexOf(old), replacement);
        idsChanged();
    }

    void dropDeleted() {
        if (resources.removeIf(Resource::isDeleted)) {
            idsChanged();
        }
    }
}
