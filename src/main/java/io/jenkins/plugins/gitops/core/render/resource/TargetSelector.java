package io.jenkins.plugins.gitops.core.render.resource;

import com.google.re2j.Pattern;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.TypedFields;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The {@code target} of a patch: anchored regular expressions, and selectors for labels and annotations. */
public final class TargetSelector {
    private final Pattern group;
    private final Pattern version;
    private final Pattern kind;
    private final Pattern name;
    private final Pattern namespace;
    private final LabelSelector labels;
    private final LabelSelector annotations;
    private final boolean named;

    private TargetSelector(TypedFields target) throws UserErrorException {
        group = regex(target, "group");
        version = regex(target, "version");
        kind = regex(target, "kind");
        name = regex(target, "name");
        namespace = regex(target, "namespace");
        named = !target.string("name").isEmpty();
        labels = LabelSelector.parse(target.string("labelSelector"), target.location("labelSelector"));
        annotations = LabelSelector.parse(target.string("annotationSelector"), target.location("annotationSelector"));
    }

    public static TargetSelector read(YamlValue target, SourceLocation at) throws UserErrorException {
        return new TargetSelector(TypedFields.of(
                target,
                "a target",
                Set.of("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"),
                at));
    }

    @CheckForNull
    private static Pattern regex(TypedFields target, String field) throws UserErrorException {
        String text = target.string(field);
        return text.isEmpty() ? null : GoRegex.anchored(text, target.location(field));
    }

    /** Whether it selects by name. */
    public boolean isNamed() {
        return named;
    }

    public List<Resource> select(ResourceList resources) {
        List<Resource> selected = new ArrayList<>();
        for (Resource resource : resources.resources()) {
            if (matches(resource)) {
                selected.add(resource);
            }
        }
        return selected;
    }

    private boolean matches(Resource resource) {
        ResourceId current = resource.id();
        ResourceId original = resource.originalId();
        return (matches(namespace, original.effectiveNamespace()) || matches(namespace, current.effectiveNamespace()))
                && (matches(name, original.name()) || matches(name, current.name()))
                && matches(group, current.gvk().group())
                && matches(version, current.gvk().version())
                && matches(kind, current.gvk().kind())
                && labels.matches(Metadata.strings(resource.root(), "labels"))
                && annotations.matches(Metadata.strings(resource.root(), "annotations"));
    }

    private static boolean matches(@CheckForNull Pattern pattern, String text) {
        return pattern == null || pattern.matcher(text).matches();
    }
}
