package io.jenkins.plugins.gitops.core.render;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.render.Kustomization.Setting;
import io.jenkins.plugins.gitops.core.render.Node.Kind;
import io.jenkins.plugins.gitops.core.render.Node.Tag;

/** Puts every resource into a namespace that is not known to stand in none, and renames Namespaces to it. */
final class NamespaceTransformer {
    private static final FieldSpec NAMESPACE = new FieldSpec(new Gvk("", "", ""), "metadata/namespace", true);

    private NamespaceTransformer() {}

    static void apply(Setting namespace, ResourceList resources) throws RefusedException {
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

    private static void apply(Setting namespace, Resource resource) throws RefusedException {
        Gvk gvk = resource.gvk();
        if (!MergeSchema.isClusterScoped(gvk)) {
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

    private static void set(FieldSpec spec, Setting namespace, Resource resource) throws RefusedException {
        SourceLocation at = resource.location();
        FieldPath.visitOrCreate(
                spec,
                resource.root(),
                Kind.SCALAR,
                Tag.STR,
                at,
                node -> FieldPath.setScalar(node, Node.string(namespace.text()), at));
    }

    /** Only a subject named default; others follow their ServiceAccount when references are mended. */
    private static void setSubjects(Setting namespace, Resource resource) throws RefusedException {
        Node subjects = resource.root().get("subjects");
        if (Node.isMissingOrNull(subjects)) {
            return;
        }
        if (!subjects.isList()) {
            throw new RefusedException(
                    subjects.location(resource.location()), "subjects must be a list", "Begin each with a dash");
        }
        for (Node subject : subjects.items()) {
            Node name = subject.get("name");
            if (!subject.isMap() || name != null && !name.isScalar()) {
                throw new RefusedException(
                        subject.location(resource.location()), "a subject must be a map with a name", "Mend it");
            }
            if (subject.textOf("name").equals("default")) {
                subject.set("namespace", Node.string(namespace.text()));
            }
        }
    }
}
