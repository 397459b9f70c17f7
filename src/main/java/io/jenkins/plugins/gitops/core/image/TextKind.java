package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.List;

/** Whether a file is read as YAML, of which JSON is a part, or as lines of text. */
final class TextKind {
    private static final List<String> YAML = List.of(".yaml", ".yml", ".json");
    private static final List<String> LINES =
            List.of(".env", ".properties", ".conf", ".ini", ".sh", ".mk", ".tf", ".tfvars");

    private TextKind() {}

    static boolean isYamlName(String file) {
        return YAML.stream().anyMatch(file::endsWith);
    }

    /** Told by the name where that says it; else YAML is whatever has keys, or items of a list. */
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
