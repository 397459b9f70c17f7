package io.jenkins.plugins.gitops.core.render.transform;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Labels;
import io.jenkins.plugins.gitops.core.render.resource.FieldPath;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpec;
import io.jenkins.plugins.gitops.core.render.resource.Gvk;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueKind;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.util.Map;

/**
 * Sets labels or annotations. As in kustomize, all places where a new label of a resource is set share one node, so a
 * later patch of the label in the metadata also changes the selector.
 */
public final class LabelTransformer {
    private LabelTransformer() {}

    public static void apply(Labels labels, ResourceList resources) throws UserErrorException {
        for (Resource resource : resources.resources()) {
            Gvk gvk = resource.gvk();
            for (Map.Entry<String, String> pair : labels.pairs().entrySet()) {
                YamlValue value = YamlValue.string(pair.getValue());
                for (FieldSpec spec : labels.fields()) {
                    if (spec.gvk().selects(gvk)) {
                        set(spec, resource, pair.getKey(), value);
                    }
                }
            }
        }
        resources.idsChanged();
    }

    private static void set(FieldSpec spec, Resource resource, String name, YamlValue value) throws UserErrorException {
        SourceLocation at = resource.location();
        FieldPath.visitOrCreate(spec, resource.root(), ValueKind.MAP, ValueTag.NONE, at, yamlValue -> {
            if (!yamlValue.isMap()) {
                throw new UserErrorException(
                        yamlValue.location(at), spec.path() + " must be a map", "Replace it by key: value lines");
            }
            yamlValue.set(name, value);
        });
    }
}
