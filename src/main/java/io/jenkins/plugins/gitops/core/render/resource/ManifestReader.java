package io.jenkins.plugins.gitops.core.render.resource;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.TextOrigin;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Extracts the manifests from the documents of a file. */
public final class ManifestReader {
    private ManifestReader() {}

    /**
     * Omits empty documents and expands lists.
     *
     * @throws UserErrorException if a document is not a manifest
     */
    public static List<YamlValue> resources(List<YamlValue> documents, TextOrigin origin) throws UserErrorException {
        Deque<YamlValue> queue = new ArrayDeque<>();
        boolean single = documents.size() == 1;
        for (YamlValue document : documents) {
            boolean list = single && document.textOf("kind").equals("List") && document.get("items") != null;
            for (YamlValue yamlValue : list ? document.get("items").items() : List.of(document)) {
                if (!YamlValue.isNilOrEmpty(yamlValue)) {
                    check(yamlValue, origin);
                    queue.add(yamlValue);
                }
            }
        }
        return expandLists(queue, origin);
    }

    /** The items of lists come after all other manifests, as in kustomize. */
    private static List<YamlValue> expandLists(Deque<YamlValue> queue, TextOrigin origin) throws UserErrorException {
        List<YamlValue> resources = new ArrayList<>();
        while (!queue.isEmpty()) {
            YamlValue yamlValue = queue.remove();
            YamlValue items = yamlValue.textOf("kind").endsWith("List") ? yamlValue.get("items") : null;
            if (items == null) {
                resources.add(yamlValue);
                continue;
            }
            if (!items.isList() && !items.isNull()) {
                throw new UserErrorException(
                        items.location(origin.at(0, 0)), "items must be a list", "Begin each item with a dash");
            }
            for (YamlValue item : items.items()) {
                if (!YamlValue.isNilOrEmpty(item)) {
                    check(item, origin);
                    queue.add(item);
                }
            }
        }
        return resources;
    }

    private static void check(YamlValue yamlValue, TextOrigin origin) throws UserErrorException {
        SourceLocation at = yamlValue.location(origin.at(0, 0));
        String kind = YamlValue.isNilOrEmpty(yamlValue.get("kind")) ? "" : yamlValue.textOf("kind");
        if (kind.isEmpty()) {
            throw new UserErrorException(
                    at, "this is not a manifest, because it has no kind", "Add apiVersion and kind");
        }
        if (!kind.endsWith("List") && Metadata.text(yamlValue, "name").isEmpty()) {
            throw new UserErrorException(at, "the " + kind + " has no metadata.name", "Name it");
        }
        for (String annotation : Metadata.strings(yamlValue, "annotations").keySet()) {
            if (annotation.startsWith(Resource.INTERNAL)) {
                throw new UserErrorException(at, "the annotation " + annotation + " is kustomize's own", "Remove it");
            }
        }
    }
}
