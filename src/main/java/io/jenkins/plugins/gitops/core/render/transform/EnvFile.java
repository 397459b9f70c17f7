package io.jenkins.plugins.gitops.core.render.transform;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.TextOrigin;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parses a file of KEY=value lines. Values are kept unchanged, including quotes and trailing blanks. */
final class EnvFile {
    private EnvFile() {}

    static List<Map.Entry<String, String>> parse(String file, byte[] content) throws UserErrorException {
        List<Map.Entry<String, String>> variables = new ArrayList<>();
        for (String line : YamlValueParser.text(TextOrigin.file(file), content).split("\r?\n", -1)) {
            String stripped = line.stripLeading();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                int equals = stripped.indexOf('=');
                String key = equals < 0 ? stripped : stripped.substring(0, equals);
                if (!key.isEmpty()) {
                    variables.add(Map.entry(key, equals < 0 ? "" : stripped.substring(equals + 1)));
                }
            }
        }
        return variables;
    }
}
