package io.jenkins.plugins.gitops.core.render.transform;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.StringField;
import io.jenkins.plugins.gitops.core.render.resource.FieldPath;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpec;
import io.jenkins.plugins.gitops.core.render.resource.Gvk;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.List;

/** Adds a prefix or a suffix to the names of the resources. */
public final class NameTransformer {
    private static final FieldSpec NAME = new FieldSpec(new Gvk("", "", ""), "metadata/name", false);
    private static final List<Gvk> KEPT = List.of(
            new Gvk("", "", "CustomResourceDefinition"),
            new Gvk("apiregistration.k8s.io", "", "APIService"),
            new Gvk("", "", "Namespace"));

    private NameTransformer() {}

    public static void prefix(StringField prefix, ResourceList resources) throws UserErrorException {
        apply(prefix, true, resources);
    }

    public static void suffix(StringField suffix, ResourceList resources) throws UserErrorException {
        apply(suffix, false, resources);
    }

    private static void apply(StringField affix, boolean before, ResourceList resources) throws UserErrorException {
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

    private static void rename(Resource resource, String affix, boolean before) throws UserErrorException {
        if (before) {
            resource.addNamePrefix(affix);
        } else {
            resource.addNameSuffix(affix);
        }
        resource.storePreviousId();
        FieldPath.visit(NAME, resource.root(), resource.location(), yamlValue -> {
            String name = before ? affix + yamlValue.text() : yamlValue.text() + affix;
            FieldPath.setScalar(yamlValue, YamlValue.untagged(name), resource.location());
        });
    }
}
