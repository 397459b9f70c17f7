package io.jenkins.plugins.gitops.core.render.resource;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The resources of a kustomization in the order in which they were read, with lookup by id. */
public final class ResourceList {
    private final List<Resource> resources = new ArrayList<>();
    private Set<ResourceId.ResourceKey> currentIds;
    private Map<ResourceId.ResourceKey, List<Resource>> byAnyId;

    /** Live; must not be modified. */
    public List<Resource> resources() {
        return resources;
    }

    /** @throws UserErrorException if there is already a resource with this id */
    public void append(Resource resource) throws UserErrorException {
        if (currentIds == null) {
            Set<ResourceId.ResourceKey> ids = new HashSet<>();
            resources.forEach(present -> ids.add(present.id().key()));
            currentIds = ids;
        }
        if (!currentIds.add(resource.id().key())) {
            throw collision(resource);
        }
        resources.add(resource);
        byAnyId = null;
    }

    public void appendAll(List<Resource> more) throws UserErrorException {
        for (Resource resource : more) {
            append(resource);
        }
    }

    /** @throws UserErrorException if two resources have the same id */
    public void checkIds() throws UserErrorException {
        Set<ResourceId.ResourceKey> ids = new HashSet<>();
        for (Resource resource : resources) {
            if (!ids.add(resource.id().key())) {
                throw collision(resource);
            }
        }
        currentIds = ids;
    }

    private static UserErrorException collision(Resource resource) {
        return new UserErrorException(
                resource.location(),
                "there are two resources " + resource.id(),
                "Remove one of them, or give it another name or namespace");
    }

    /** The resources with this current or previous id. */
    public List<Resource> byAnyId(ResourceId id) {
        if (byAnyId == null) {
            Map<ResourceId.ResourceKey, List<Resource>> index = new HashMap<>();
            resources.forEach(resource -> addTo(index, resource));
            byAnyId = index;
        }
        return byAnyId.getOrDefault(id.key(), List.of());
    }

    private static void addTo(Map<ResourceId.ResourceKey, List<Resource>> index, Resource resource) {
        if (resource.isDeleted()) {
            return;
        }
        Set<ResourceId.ResourceKey> keys = new HashSet<>();
        resource.previousIds().forEach(id -> keys.add(id.key()));
        keys.add(resource.id().key());
        keys.forEach(
                key -> index.computeIfAbsent(key, any -> new ArrayList<>(1)).add(resource));
    }

    /** Must be called after names, namespaces, kinds or annotations of a resource may have changed. */
    public void idsChanged() {
        currentIds = null;
        byAnyId = null;
    }

    public void replace(Resource old, Resource replacement) {
        resources.set(resources.indexOf(old), replacement);
        idsChanged();
    }

    public void dropDeleted() {
        if (resources.removeIf(Resource::isDeleted)) {
            idsChanged();
        }
    }
}
