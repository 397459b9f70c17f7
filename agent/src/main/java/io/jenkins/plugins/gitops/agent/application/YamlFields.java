package io.jenkins.plugins.gitops.agent.application;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.List;

/** Reads fields of an unvalidated manifest: values that are missing or of another type are null or empty. */
final class YamlFields {
    private YamlFields() {}

    @CheckForNull
    static Mapping child(Mapping mapping, String key) {
        return mapping.entry(key)
                .map(e -> e.value().resolved())
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast)
                .orElse(null);
    }

    @CheckForNull
    static String text(Mapping mapping, String key) {
        return mapping.entry(key)
                .map(e -> e.value().resolved())
                .filter(Scalar.class::isInstance)
                .map(v -> ((Scalar) v).value())
                .orElse(null);
    }

    /** The text at two keys, such as {@code metadata.name}. */
    @CheckForNull
    static String nested(Mapping mapping, String parent, String key) {
        Mapping child = child(mapping, parent);
        return child == null ? null : text(child, key);
    }

    static List<YamlNode> items(Mapping mapping, String key) {
        return mapping.entry(key)
                .map(e -> e.value().resolved())
                .filter(Sequence.class::isInstance)
                .map(v -> ((Sequence) v).items())
                .orElse(List.of());
    }
}
