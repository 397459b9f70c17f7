package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Creates, changes and deletes objects as an API server does; every method is one transaction on the store. */
final class ObjectWriter {
    private final ObjectStore store;

    ObjectWriter(ObjectStore store) {
        this.store = store;
    }

    /** Handles POST to a collection. */
    Map<String, Object> create(ApiRequestPath target, Map<String, Object> body, String manager)
            throws ApiStatusException {
        synchronized (store) {
            Map<String, Object> object = JsonTree.copy(body);
            Map<String, Object> metadata = JsonTree.child(object, "metadata");
            if (JsonTree.text(metadata, "name") == null && JsonTree.text(metadata, "generateName") != null) {
                metadata.put("name", JsonTree.text(metadata, "generateName") + randomSuffix());
            }
            String name = JsonTree.textOr("", metadata, "name");
            if (store.get(target.key(name)) != null) {
                ObjectValidation.check(store, target, null, object);
                throw ApiStatusException.exists(target.kind().plural(), name);
            }
            object.remove("status");
            metadata.remove("managedFields");
            FieldManagers managers = FieldManagers.of(null);
            managers.update(manager, null, null, object);
            managers.writeTo(object);
            return save(target, name, null, object);
        }
    }

    /** Handles PUT of an object, its status or its scale. */
    Map<String, Object> update(ApiRequestPath target, Map<String, Object> body, String manager)
            throws ApiStatusException {
        synchronized (store) {
            Map<String, Object> live = existing(target);
            if ("scale".equals(target.subresource())) {
                return Scale.of(scale(target, live, body, manager));
            }
            return replace(target, live, JsonTree.copy(body), manager);
        }
    }

    /** Handles PATCH of any type other than server-side apply. */
    Map<String, Object> patch(ApiRequestPath target, ObjectPatch patch, String manager) throws ApiStatusException {
        synchronized (store) {
            Map<String, Object> live = existing(target);
            if ("scale".equals(target.subresource())) {
                Map<String, Object> wanted = patch.applyTo(Scale.of(live));
                return Scale.of(scale(target, live, wanted, manager));
            }
            return replace(target, live, patch.applyTo(live), manager);
        }
    }

    /** Handles PATCH with server-side apply. */
    Map<String, Object> apply(ApiRequestPath target, Map<String, Object> configuration, String manager, boolean force)
            throws ApiStatusException {
        synchronized (store) {
            Map<String, Object> live = store.get(target.key());
            String kind = JsonTree.textOr("", configuration, "kind");
            String apiVersion = JsonTree.textOr("", configuration, "apiVersion");
            if (!kind.equals(target.kind().kind())
                    || !apiVersion.equals(target.kind().apiVersion())) {
                throw ApiStatusException.badRequest("the object provided is " + apiVersion + " " + kind + ", expected "
                        + target.kind().apiVersion() + " " + target.kind().kind());
            }
            String name = JsonTree.text(configuration, "metadata", "name");
            if (!target.name().equals(name)) {
                throw ApiStatusException.badRequest("the name of the object (" + name
                        + ") does not match the name on the URL (" + target.name() + ")");
            }
            return save(target, name, live, ServerSideApply.apply(live, configuration, manager, force));
        }
    }

    /** Handles DELETE. Objects that the object owns, or that are in the namespace, are deleted with it. */
    Map<String, Object> delete(ApiRequestPath target, Map<String, Object> options) throws ApiStatusException {
        synchronized (store) {
            Map<String, Object> live = existing(target);
            String uid = JsonTree.text(options, "preconditions", "uid");
            if (uid != null && !uid.equals(JsonTree.text(live, "metadata", "uid"))) {
                throw ApiStatusException.stale(target.kind().plural(), target.name());
            }
            boolean dryRun =
                    target.isDryRun() || JsonTree.list(options, "dryRun").contains("All");
            if (!dryRun && JsonTree.list(live, "metadata", "finalizers").isEmpty()) {
                remove(target.key(), live, "Orphan".equals(JsonTree.text(options, "propagationPolicy")));
            } else if (!dryRun && JsonTree.text(live, "metadata", "deletionTimestamp") == null) {
                Map<String, Object> marked = JsonTree.copy(live);
                JsonTree.child(marked, "metadata").put("deletionTimestamp", now());
                store.put(target.key(), marked);
                return marked;
            }
            return live;
        }
    }

    private void remove(ObjectKey key, Map<String, Object> live, boolean orphan) {
        store.remove(key);
        if (key.isOf("", "namespaces")) {
            store.find(e -> e.getKey().namespace().equals(key.name())).forEach(store::remove);
        }
        String uid = JsonTree.text(live, "metadata", "uid");
        if (orphan) {
            return;
        }
        for (ObjectKey dependent : store.find(e -> JsonTree.list(e.getValue(), "metadata", "ownerReferences").stream()
                .anyMatch(owner -> uid.equals(JsonTree.text(owner, "uid"))))) {
            Map<String, Object> object = store.get(dependent);
            if (object != null) {
                remove(dependent, object, false);
            }
        }
    }

    private Map<String, Object> existing(ApiRequestPath target) throws ApiStatusException {
        Map<String, Object> live = target.name() == null ? null : store.get(target.key());
        if (live == null) {
            throw ApiStatusException.notFound(target.kind().plural(), target.name());
        }
        return live;
    }

    private Map<String, Object> scale(
            ApiRequestPath target, Map<String, Object> live, Map<String, Object> wanted, String manager)
            throws ApiStatusException {
        Map<String, Object> object = JsonTree.copy(live);
        JsonTree.child(object, "spec").put("replicas", JsonTree.numberOr(0, wanted, "spec", "replicas"));
        FieldManagers managers = FieldManagers.of(live);
        managers.update(manager, "scale", live, object);
        managers.writeTo(object);
        return save(target, target.name(), live, object);
    }

    private Map<String, Object> replace(
            ApiRequestPath target, Map<String, Object> live, Map<String, Object> wanted, String manager)
            throws ApiStatusException {
        String version = version(wanted);
        if (version != null && !version.isEmpty() && !version.equals(version(live))) {
            throw ApiStatusException.stale(target.kind().plural(), target.name());
        }
        if ("status".equals(target.subresource())) {
            Map<String, Object> object = JsonTree.copy(live);
            object.put("status", wanted.get("status"));
            return save(target, target.name(), live, object);
        }
        if (live.containsKey("status")) {
            wanted.put("status", live.get("status"));
        } else {
            wanted.remove("status");
        }
        // A request may replace the managed fields.
        boolean own = !JsonTree.list(wanted, "metadata", "managedFields").isEmpty();
        FieldManagers managers = FieldManagers.of(own ? wanted : live);
        managers.update(manager, null, live, wanted);
        managers.writeTo(wanted);
        return save(target, target.name(), live, wanted);
    }

    /** Sets the fields that only the server sets, validates, and stores unless it is a dry run or nothing changed. */
    private Map<String, Object> save(
            ApiRequestPath target, String name, @CheckForNull Map<String, Object> live, Map<String, Object> object)
            throws ApiStatusException {
        ObjectKey key = target.key(name);
        Map<String, Object> metadata = JsonTree.child(object, "metadata");
        metadata.put("name", name);
        if (target.kind().namespaced()) {
            metadata.put("namespace", target.namespace());
        }
        if (live == null) {
            metadata.put("uid", UUID.randomUUID().toString());
            metadata.put("creationTimestamp", now());
            metadata.put("generation", 1);
        } else {
            for (String field : List.of("uid", "creationTimestamp", "generation", "resourceVersion")) {
                metadata.put(field, JsonTree.at(live, "metadata", field));
            }
        }
        ObjectValidation.check(store, target, live, object);
        if (live != null && JsonTree.same(live, object)) {
            return live;
        }
        if (live != null && !JsonTree.same(live.get("spec"), object.get("spec"))) {
            metadata.put("generation", JsonTree.numberOr(1, live, "metadata", "generation") + 1);
        }
        boolean finished = JsonTree.text(metadata, "deletionTimestamp") != null
                && JsonTree.list(metadata, "finalizers").isEmpty();
        if (target.isDryRun()) {
            return object;
        }
        if (finished) {
            remove(key, object, false);
        } else {
            store.put(key, object);
        }
        return object;
    }

    private static String version(Map<String, Object> object) {
        return JsonTree.text(object, "metadata", "resourceVersion");
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String randomSuffix() {
        return UUID.randomUUID().toString().substring(0, 5);
    }
}
