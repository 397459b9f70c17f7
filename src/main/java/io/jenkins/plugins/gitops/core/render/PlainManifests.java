package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.NodeParser.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Manifests that no kustomization stands before: read as Kubernetes' own YAML reader does. */
public final class PlainManifests {
    private PlainManifests() {}

    /**
     * The objects of a YAML or JSON file, lists taken apart.
     *
     * @param file for messages: path relative to the repository's root
     * @return plain values as in {@link Rendered#manifests()}; YAML 1.1, so a plain yes is a boolean
     * @throws RefusedException when the file is not YAML, a key stands twice or is no string, or a document is no
     * object
     */
    public static List<Map<String, Object>> read(String file, byte[] content) throws RefusedException {
        return read(file, content, RenderBudget.start());
    }

    /**
     * As {@link #read(String, byte[])}, of one of several files.
     *
     * @param budget of all of them
     */
    public static List<Map<String, Object>> read(String file, byte[] content, RenderBudget budget)
            throws RefusedException {
        budget.checkTime(SourceLocation.of(file));
        Origin origin = Origin.file(file);
        List<Map<String, Object>> manifests = new ArrayList<>();
        for (Node document : NodeParser.parse(origin, Dialect.YAML_11, content)) {
            if (!document.isNull()) {
                add(document, origin, budget, manifests);
            }
        }
        return manifests;
    }

    private static void add(Node node, Origin origin, RenderBudget budget, List<Map<String, Object>> manifests)
            throws RefusedException {
        if (!node.isMap() || node.textOf("kind").isEmpty()) {
            throw new RefusedException(
                    node.location(origin.at(0, 0)),
                    "this is no Kubernetes object, since it has no kind",
                    "Add apiVersion and kind, or move it out of the folder");
        }
        Node items = node.get("items");
        if (items == null || !items.isList() || !node.textOf("kind").endsWith("List")) {
            budget.object(node.weight(), node.location(origin.at(0, 0)));
            Scalars.readAsYaml11(node);
            manifests.add(PlainValues.ofMap(node));
            return;
        }
        for (Node item : items.items()) {
            add(item, origin, budget, manifests);
        }
    }
}
