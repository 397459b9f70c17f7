package io.jenkins.plugins.gitops.agent.cluster;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The desired state of an application at one revision.
 *
 * @param objects in the order of application
 * @param hash equal for equal manifests and destination
 * @param images of the pods, sorted
 * @param retention what is kept although it is not among the objects
 */
public record DesiredState(
        String application,
        String namespace,
        List<DesiredObject> objects,
        String hash,
        List<String> images,
        PruneProtection retention) {
    /** Unsupported annotations that would change how a resource is applied. */
    private static final Set<String> REFUSED_ANNOTATIONS = Set.of(
            "argocd.argoproj.io/hook",
            "argocd.argoproj.io/hook-delete-policy",
            "argocd.argoproj.io/compare-options",
            "helm.sh/hook");

    private static final String WAVE = "argocd.argoproj.io/sync-wave";

    /**
     * Reads rendered manifests.
     *
     * @throws UserErrorException if one has no name or kind, is a duplicate, or uses something unsupported
     */
    public static DesiredState of(String application, ApplicationSpec spec, List<Map<String, Object>> manifests)
            throws UserErrorException {
        List<DesiredObject> objects = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<String> images = new TreeSet<>();
        for (Map<String, Object> manifest : manifests) {
            DesiredObject object = DesiredObject.of(ManifestNormalizer.normalize(manifest), spec);
            String namespace = JsonTree.textOr(spec.namespace(), manifest, "metadata", "namespace");
            check(object, namespace, spec.path());
            if (!seen.add(object.apiVersion() + " " + object + " " + namespace)) {
                throw new UserErrorException(
                        spec.path() + " renders " + object + " twice", "Remove one of the two from the folder");
            }
            objects.add(object);
            collectImages(manifest, images);
        }
        objects.sort(KindOrder.OF_OBJECTS);
        StringBuilder all = new StringBuilder(spec.namespace()).append(spec.ignoreDifferences());
        new TreeMap<>(spec.resourceOptions().values())
                .forEach((name, value) -> all.append(name).append(value));
        objects.forEach(object -> all.append(' ').append(object.hash()));
        return new DesiredState(
                application,
                spec.namespace(),
                List.copyOf(objects),
                LiveObject.hash(all.toString()),
                List.copyOf(images),
                PruneProtection.of(spec));
    }

    /** Whether Git contains an object, in any version of its kind. */
    public boolean contains(ObjectId id) {
        return objects.stream().anyMatch(object -> object.names(id, namespace));
    }

    private static void check(DesiredObject object, String namespace, String path) throws UserErrorException {
        if (object.kindName().isEmpty()
                || object.apiVersion().isEmpty()
                || object.name().isEmpty()) {
            throw new UserErrorException(
                    path + " renders an object without apiVersion, kind or metadata.name: " + object,
                    "Write all three; generateName is not supported");
        }
        Optional<String> invalid = ObjectNames.problem(object.name(), namespace);
        if (invalid.isPresent()) {
            throw new UserErrorException(path + ": " + object + ": " + invalid.get(), "Correct it in the manifest");
        }
        Optional<String> unsupported = object.options().unsupported();
        if (unsupported.isPresent()) {
            throw new UserErrorException(
                    path + ": " + object + " has the sync option \"" + unsupported.get() + "\" in its annotation "
                            + ResourceOptions.ANNOTATION + ", which is not supported",
                    "Remove it; supported are " + ResourceOptions.supportedNames());
        }
        Map<String, Object> annotations = JsonTree.map(object.manifest(), "metadata", "annotations");
        for (String annotation : annotations.keySet()) {
            boolean wave = annotation.equals(WAVE) && !"0".equals(annotations.get(annotation));
            if (wave || REFUSED_ANNOTATIONS.contains(annotation)) {
                throw new UserErrorException(
                        path + ": " + object + " is annotated " + annotation + ", which is not supported yet",
                        "Remove the annotation, or deploy this application with Argo CD");
            }
        }
    }

    private static void collectImages(Map<String, Object> manifest, Set<String> images) {
        for (String[] pod : List.of(new String[] {"spec"}, new String[] {"spec", "template", "spec"}, new String[] {
            "spec", "jobTemplate", "spec", "template", "spec"
        })) {
            for (String list : List.of("initContainers", "containers")) {
                JsonTree.list(JsonTree.map(manifest, pod), list).stream()
                        .map(container -> JsonTree.text(container, "image"))
                        .filter(image -> image != null)
                        .forEach(images::add);
            }
        }
    }
}
