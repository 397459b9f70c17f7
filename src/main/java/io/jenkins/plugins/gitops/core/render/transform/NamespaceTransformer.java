package io.jenkins.plugins.gitops.core.render.transform;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.StringField;
import io.jenkins.plugins.gitops.core.render.resource.FieldPath;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpec;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpecs;
import io.jenkins.plugins.gitops.core.render.resource.Gvk;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.resource.StrategicMergeSchema;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueKind;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;

/** Sets the namespace of every resource that is not known to be cluster-scoped, and renames Namespaces to it. */
public final class NamespaceTransformer {
    private static final FieldSpec NAMESPACE = new FieldSpec(new Gvk("", "", ""), "metadata/namespace", true);

    private NamespaceTransformer() {}

    public static void apply(StringField namespace, ResourceList resources) throws UserErrorException {
        if (namespace.text().isEmpty()) {
            return;
        }
        for (Resource resource : resources.resources()) {
            resource.storePreviousId();
            apply(namespace, resource);
        }
        resources.idsChanged();
        resources.checkIds();
    }

    private static void apply(StringField namespace, Resource resource) throws UserErrorException {
        Gvk gvk = resource.gvk();
        if (!StrategicMergeSchema.isClusterScoped(gvk)) {
            set(NAMESPACE, namespace, resource);
        }
        if (gvk.kind().equals("RoleBinding") || gvk.kind().equals("ClusterRoleBinding")) {
            setSubjects(namespace, resource);
        }
        for (FieldSpec spec : FieldSpecs.NAMESPACE) {
            boolean ofOtherNamespaceKind =
                    spec.path().equals("metadata/name") && !gvk.apiVersion().equals("v1");
            if (!ofOtherNamespaceKind && spec.gvk().selects(gvk)) {
                set(spec, namespace, resource);
            }
        }
    }

    private static void set(FieldSpec spec, StringField namespace, Resource resource) throws UserErrorException {
        SourceLocation at = resource.location();
        FieldPath.visitOrCreate(
                spec,
                resource.root(),
                ValueKind.SCALAR,
                ValueTag.STR,
                at,
                yamlValue -> FieldPath.setScalar(yamlValue, YamlValue.string(namespace.text()), at));
    }

    /** Only subjects named default; the others are updated with the reference to their ServiceAccount. */
    private static void setSubjects(StringField namespace, Resource resource) throws UserErrorException {
        YamlValue subjects = resource.root().get("subjects");
        if (YamlValue.isMissingOrNull(subjects)) {
            return;
        }
        if (!subjects.isList()) {
            throw new UserErrorException(
                    subjects.location(resource.location()), "subjects must be a list", "Begin each with a dash");
        }
        for (YamlValue subject : subjects.items()) {
            YamlValue name = subject.get("name");
            if (!subject.isMap() || name != null && !name.isScalar()) {
                throw new UserErrorException(
                        subject.location(resource.location()), "a subject must be a map with a name", "Correct it");
            }
            if (subject.textOf("name").equals("default")) {
                subject.set("namespace", YamlValue.string(namespace.text()));
            }
        }
    }
}
