package io.jenkins.plugins.gitops.agent.embedded;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.NormalizedImage;
import io.jenkins.plugins.gitops.core.model.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** The current pods of one Deployment, and the next step towards its template. */
final class SimulatedPods {
    private static final String HASH = "pod-template-hash";
    /** Matches the tag only, since a digest is hexadecimal and may contain "bad". */
    private static final Pattern BROKEN = Pattern.compile("[^@]*:[^/@]*(broken|bad)[^/@]*(@.*)?");

    private final ObjectStore store;
    private final ObjectKey owner;
    private final Map<String, Object> deployment;
    private final String template;
    private final int desired;
    private final List<ObjectKey> old = new ArrayList<>();
    private final List<ObjectKey> current = new ArrayList<>();

    SimulatedPods(ObjectStore store, ObjectKey owner, Map<String, Object> deployment) {
        this.store = store;
        this.owner = owner;
        this.deployment = deployment;
        this.template = Integer.toHexString(
                JsonTree.canonical(JsonTree.at(deployment, "spec", "template")).hashCode());
        this.desired = (int) JsonTree.numberOr(1, deployment, "spec", "replicas");
        String uid = JsonTree.text(deployment, "metadata", "uid");
        store.list("", "pods", owner.namespace()).forEach((key, pod) -> {
            boolean owned = JsonTree.list(pod, "metadata", "ownerReferences").stream()
                    .anyMatch(o -> uid.equals(JsonTree.text(o, "uid")));
            if (owned) {
                (template.equals(JsonTree.text(pod, "metadata", "labels", HASH)) ? current : old).add(key);
            }
        });
    }

    String template() {
        return template;
    }

    int desired() {
        return desired;
    }

    int updated() {
        return current.size();
    }

    int total() {
        return current.size() + old.size();
    }

    int ready() {
        return ready(current) + ready(old);
    }

    boolean isComplete() {
        return old.isEmpty() && current.size() == desired && ready(current) == desired;
    }

    /** Creates, starts or removes the next pod. Returns whether there may be more to do. */
    boolean move() {
        int surge = Math.max(1, desired / 4);
        List<ObjectKey> starting =
                current.stream().filter(pod -> !isReady(pod) && !isBroken(pod)).toList();
        if (!starting.isEmpty()) {
            start(starting.get(0));
        }
        boolean removed = false;
        while (current.size() > desired) {
            remove(current);
            removed = true;
        }
        if (!old.isEmpty() && (ready() > desired || desired == 0 || ready(old) < old.size())) {
            remove(old);
            removed = true;
        }
        boolean created = current.size() < desired && total() < desired + surge;
        if (created) {
            create();
        }
        return created || removed || !starting.isEmpty();
    }

    private void remove(List<ObjectKey> from) {
        // Pods that never started are deleted first, as in Kubernetes.
        ObjectKey victim =
                from.stream().filter(pod -> !isReady(pod)).findFirst().orElse(from.get(0));
        from.remove(victim);
        store.remove(victim);
    }

    private int ready(List<ObjectKey> pods) {
        return (int) pods.stream().filter(this::isReady).count();
    }

    private boolean isReady(ObjectKey pod) {
        return "Running".equals(JsonTree.text(store.get(pod), "status", "phase"));
    }

    private boolean isBroken(ObjectKey pod) {
        return containers(store.get(pod)).stream().anyMatch(SimulatedPods::isBrokenContainer);
    }

    private static boolean isBrokenContainer(Object container) {
        return BROKEN.matcher(JsonTree.textOr("", container, "image")).matches();
    }

    private static List<Object> containers(Map<String, Object> pod) {
        return JsonTree.list(pod, "spec", "containers");
    }

    private void create() {
        Map<String, Object> pod = JsonTree.copy(JsonTree.map(deployment, "spec", "template"));
        pod.put("apiVersion", "v1");
        pod.put("kind", "Pod");
        String name = owner.name() + "-" + template + "-" + ObjectWriter.randomSuffix();
        Map<String, Object> metadata = JsonTree.child(pod, "metadata");
        metadata.put("name", name);
        metadata.put("namespace", owner.namespace());
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", ObjectWriter.now());
        JsonTree.child(metadata, "labels").put(HASH, template);
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("apiVersion", "apps/v1");
        reference.put("kind", "Deployment");
        reference.put("name", owner.name());
        reference.put("uid", JsonTree.text(deployment, "metadata", "uid"));
        reference.put("controller", true);
        metadata.put("ownerReferences", new ArrayList<>(List.of(reference)));
        pod.put("status", status(pod, false));
        ObjectKey key = new ObjectKey("", "pods", owner.namespace(), name);
        store.put(key, pod);
        current.add(key);
    }

    private void start(ObjectKey key) {
        Map<String, Object> pod = JsonTree.copy(store.get(key));
        pod.put("status", status(pod, true));
        store.put(key, pod);
    }

    /** Returns the image id; each tag has one digest. */
    private static String imageId(String image) {
        NormalizedImage pulled = NormalizedImage.of(image);
        String digest = pulled.digest() == null ? "sha256:" + Sha256.hex(image) : pulled.digest();
        return pulled.name() + "@" + digest;
    }

    private static Map<String, Object> status(Map<String, Object> pod, boolean started) {
        List<Object> statuses = new ArrayList<>();
        for (Object container : containers(pod)) {
            String image = JsonTree.textOr("", container, "image");
            Map<String, Object> state;
            if (isBrokenContainer(container)) {
                state = Map.of(
                        "waiting",
                        Map.of("reason", "ImagePullBackOff", "message", "Back-off pulling image \"" + image + "\""));
            } else if (started) {
                state = Map.of("running", Map.of("startedAt", ObjectWriter.now()));
            } else {
                state = Map.of("waiting", Map.of("reason", "ContainerCreating"));
            }
            statuses.add(Map.of(
                    "name",
                    JsonTree.textOr("", container, "name"),
                    "image",
                    image,
                    "imageID",
                    started ? imageId(image) : "",
                    "ready",
                    started,
                    "restartCount",
                    0,
                    "state",
                    state));
        }
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("phase", started ? "Running" : "Pending");
        status.put("conditions", List.of(Map.of("type", "Ready", "status", started ? "True" : "False")));
        status.put("containerStatuses", statuses);
        return status;
    }
}
