package io.jenkins.plugins.gitops.agent.cli;

import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Writes a manifest so that every reader of YAML, old or new, sees the same types: texts are quoted unless plain words. */
final class ManifestYaml {
    private static final Pattern WORD = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");
    private static final Pattern OTHER_TYPE = Pattern.compile("(?i)true|false|yes|no|on|off|y|n|null");

    private ManifestYaml() {}

    static String dump(Map<String, Object> manifest) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        options.setExplicitStart(true);
        return new Yaml(new Texts(options), options).dump(manifest);
    }

    private static final class Texts extends Representer {
        Texts(DumperOptions options) {
            super(options);
            representers.put(String.class, data -> representScalar(Tag.STR, (String) data, style((String) data)));
        }

        private static DumperOptions.ScalarStyle style(String text) {
            if (WORD.matcher(text).matches() && !OTHER_TYPE.matcher(text).matches()) {
                return DumperOptions.ScalarStyle.PLAIN;
            }
            return text.contains("\n") ? DumperOptions.ScalarStyle.LITERAL : DumperOptions.ScalarStyle.DOUBLE_QUOTED;
        }
    }
}
