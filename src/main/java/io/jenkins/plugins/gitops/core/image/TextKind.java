package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Scalar;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.List;
import java.util.regex.Pattern;

/** Determines whether a file is read as YAML, which includes JSON, or as lines of text. */
final class TextKind {
    private static final List<String> YAML = List.of(".yaml", ".yml", ".json");
    private static final List<String> LINES =
            List.of(".env", ".properties", ".conf", ".ini", ".sh", ".mk", ".tf", ".tfvars");

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_./-]+");

    private TextKind() {}

    static boolean isYamlName(String file) {
        return YAML.stream().anyMatch(file::endsWith);
    }

    /** Whether a key can be added: not to a text that is YAML by chance, such as a Dockerfile with a colon in a line. */
    static boolean hasKeys(String file, YamlText text) {
        if (isYamlName(file)) {
            return true;
        }
        YamlNode root = text.first().orElse(null);
        boolean keys = root == null
                || root instanceof Mapping mapping
                        && mapping.entries().stream()
                                .allMatch(entry -> entry.name() != null
                                        && KEY.matcher(entry.name()).matches());
        return keys && isYaml(file, text.bytes());
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
