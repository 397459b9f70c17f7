package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The manifests among the documents of a file. */
final class Manifests {
    private Manifests() {}

    /**
     * Empty documents are left out, lists are taken apart.
     *
     * @throws RefusedException when a document is no manifest
     */
    static List<Node> resources(List<Node> documents, Origin origin) throws RefusedException {
        Deque<Node> queue = new ArrayDeque<>();
        boolean single = documents.size() == 1;
        for (Node document : documents) {
            boolean list = single && document.textOf("kind").equals("List") && document.get("items") != null;
            for (Node node : list ? document.get("items").items() : List.of(document)) {
                if (!Node.isNilOrEmpty(node)) {
                    check(node, origin);
                    queue.add(node);
                }
            }
        }
        return expandLists(queue, origin);
    }

    /** What is in a list goes behind all that is not, as in kustomize. */
    private static List<Node> expandLists(Deque<Node> queue, Origin origin) throws RefusedException {
        List<Node> resources = new ArrayList<>();
        while (!queue.isEmpty()) {
            Node node = queue.remove();
            Node items = node.textOf("kind").endsWith("List") ? node.get("items") : null;
            if (items == null) {
                resources.add(node);
                continue;
            }
            if (!items.isList() && !items.isNull()) {
                throw new RefusedException(
                        items.location(origin.at(0, 0)), "items must be a list", "Begin each item with a dash");
            }
            for (Node item : items.items()) {
                if (!Node.isNilOrEmpty(item)) {
                    check(item, origin);
                    queue.add(item);
                }
            }
        }
        return resources;
    }

    private static void check(Node node, Origin origin) throws RefusedException {
        SourceLocation at = node.location(origin.at(0, 0));
        String kind = Node.isNilOrEmpty(node.get("kind")) ? "" : node.textOf("kind");
        if (kind.isEmpty()) {
            throw new RefusedException(at, "this is no manifest, since it has no kind", "Add apiVersion and kind");
        }
        if (!kind.endsWith("List") && Metadata.text(node, "name").isEmpty()) {
            throw new RefusedException(at, "the " + kind + " has no metadata.name", "Name it");
        }
        for (String annotation : Metadata.strings(node, "annotations").keySet()) {
            if (annotation.startsWith(Resource.INTERNAL)) {
                throw new RefusedException(at, "the annotation " + annotation + " is kustomize's own", "Remove it");
            }
        }
    }
}
