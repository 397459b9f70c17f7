package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.render.Kustomization.Setting;
import java.util.List;

/** Puts a prefix before, or a suffix behind, the names of the resources. */
final class NameTransformer {
    private static final FieldSpec NAME = new FieldSpec(new Gvk("", "", ""), "metadata/name", false);
    private static final List<Gvk> KEPT = List.of(
            new Gvk("", "", "CustomResourceDefinition"),
            new Gvk("apiregistration.k8s.io", "", "APIService"),
            new Gvk("", "", "Namespace"));

    private NameTransformer() {}

    static void prefix(Setting prefix, ResourceList resources) throws RefusedException {
        apply(prefix, true, resources);
    }

    static void suffix(Setting suffix, ResourceList resources) throws RefusedException {
        apply(suffix, false, resources);
    }

    private static void apply(Setting affix, boolean before, ResourceList resources) throws RefusedException {
        if (affix.text().isEmpty()) {
            return;
        }
        for (Resource resource : resources.resources()) {
            Gvk original = resource.originalId().gvk();
            if (KEPT.stream().noneMatch(kept -> kept.selects(original))) {
                rename(resource, affix.text(), before);
            }
        }
        resources.idsChanged();
    }

    private static void rename(Resource resource, String affix, boolean before) throws RefusedException {
        if (before) {
            resource.addNamePrefix(affix);
        } else {
            resource.addNameSuffix(affix);
        }
        resource.storePreviousId();
        FieldPath.visit(NAME, resource.root(), resource.location(), node -> {
            String name = before ? affix + node.text() : node.text() + affix;
            FieldPath.setScalar(node, Node.untagged(name), resource.location());
        });
    }
}
