package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.Kustomization.Labels;
import io.jenkins.plugins.gitops.core.render.Node.Kind;
import io.jenkins.plugins.gitops.core.render.Node.Tag;
import java.util.Map;

/**
 * Sets labels or annotations. As in kustomize one label that is new to a resource is one node wherever it was set, so a
 * later patch of the one in the metadata changes the selector too.
 */
final class LabelTransformer {
    private LabelTransformer() {}

    static void apply(Labels labels, ResourceList resources) throws RefusedException {
        for (Resource resource : resources.resources()) {
            Gvk gvk = resource.gvk();
            for (Map.Entry<String, String> pair : labels.pairs().entrySet()) {
                Node value = Node.string(pair.getValue());
                for (FieldSpec spec : labels.fields()) {
                    if (spec.gvk().selects(gvk)) {
                        set(spec, resource, pair.getKey(), value);
                    }
                }
            }
        }
        resources.idsChanged();
    }

    private static void set(FieldSpec spec, Resource resource, String name, Node value) throws RefusedException {
        SourceLocation at = resource.location();
        FieldPath.visitOrCreate(spec, resource.root(), Kind.MAP, Tag.NONE, at, node -> {
            if (!node.isMap()) {
                throw new RefusedException(
                        node.location(at), spec.path() + " must be a map", "Replace it by key: value lines");
            }
            node.set(name, value);
        });
    }
}
