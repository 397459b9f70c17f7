package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.List;

/** Determines whether a file is read as YAML, which includes JSON, or as lines of text. */
final class TextKind {
    private static final List<String> YAML = List.of(".yaml", ".yml", ".json");
    private static final List<String> LINES =
            List.of(".env", ".properties", ".conf", ".ini", ".sh", ".mk", ".tf", ".tfvars");

    private TextKind() {}

    static boolean isYamlName(String file) {
        return YAML.stream().anyMatch(file::endsWith);
    }

    /** Determined by the name if it has a known suffix; otherwise a text with keys or list items is YAML. */
    static boolean isYaml(String file, byte[] content) {
        if (isYamlName(file)) {
            return true;
        }
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (name.startsWith(".env") || LINES.stream().anyMatch(name::endsWith)) {
            return false;
        }
        try {
            YamlText text = YamlText.parse(file, content);
            return text.first().filter(root -> !(root instanceof Scalar)).isPresent();
        } catch (UserErrorException notYaml) {
            return false;
        }
    }
}
