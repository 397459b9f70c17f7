package io.jenkins.plugins.gitops.core.yaml;

import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.QuotingStyle;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Formats new nodes in the style of a text, with the indentation of its mappings and lists. A value is a text, a
 * boolean, a map from texts to values, or a list of values.
 */
final class YamlFormatting {
    /** The indentation of a mapping below a key, in spaces. */
    private final int step;
    /** The indentation of the dashes of a list below a key, in spaces; often none. */
    private final int dash;

    private YamlFormatting(int step, int dash) {
        this.step = step;
        this.dash = dash;
    }

    /** Detects the indentation of the first mapping and the first list below a key; the defaults are 2 and 0 spaces. */
    static YamlFormatting of(YamlText text) {
        int[] found = {-1, -1};
        text.documents().forEach(root -> detect(text.index(), root, found));
        return new YamlFormatting(found[0] < 1 ? 2 : found[0], Math.max(found[1], 0));
    }

    private static void detect(SourceText index, YamlNode node, int[] found) {
        if (node instanceof Sequence sequence) {
            sequence.items().forEach(item -> detect(index, item, found));
        } else if (node instanceof Mapping mapping && !mapping.flow()) {
            for (KeyValue keyValue : mapping.entries()) {
                measure(index, keyValue, found);
                detect(index, keyValue.value(), found);
            }
        }
    }

    private static void measure(SourceText index, KeyValue keyValue, int[] found) {
        boolean map = keyValue.value() instanceof Mapping mapping && !mapping.flow();
        boolean list = keyValue.value() instanceof Sequence sequence && !sequence.flow();
        int at = map ? 0 : 1;
        if ((map || list) && found[at] < 0 && keyValue.value().anchor() == null) {
            int start = keyValue.value().start();
            int key = keyValue.key().start();
            found[at] = start - index.lineStart(start) - (key - index.lineStart(key));
        }
    }

    /** The lines of one entry of a block mapping, without line ends. */
    List<String> entry(String key, Object value, int indent) {
        String start = " ".repeat(indent) + ScalarWriter.write(key, QuotingStyle.PLAIN, false) + ":";
        List<String> lines = new ArrayList<>();
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            lines.add(start);
            lines.addAll(entries(map, indent + step));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            lines.add(start);
            list.forEach(item -> lines.addAll(item(item, indent + dash)));
        } else {
            lines.add(start + " " + scalar(value, QuotingStyle.PLAIN, false));
        }
        return lines;
    }

    List<String> entries(Map<?, ?> map, int indent) {
        List<String> lines = new ArrayList<>();
        map.forEach((key, value) -> lines.addAll(entry((String) key, value, indent)));
        return lines;
    }

    /** The lines of one item of a block list, without line ends. */
    List<String> item(Object value, int indent) {
        String dashes = " ".repeat(indent) + "- ";
        if (!(value instanceof Map<?, ?> map)) {
            return List.of(dashes + scalar(value, QuotingStyle.PLAIN, false));
        }
        List<String> lines = entries(map, dashes.length());
        lines.set(0, dashes + lines.get(0).substring(dashes.length()));
        return lines;
    }

    /** The lines of a value below a key, which is indented by this many spaces. */
    List<String> below(Object value, int indent) {
        if (value instanceof Map<?, ?> map) {
            return entries(map, indent + step);
        }
        List<String> lines = new ArrayList<>();
        ((List<?>) value).forEach(item -> lines.addAll(item(item, indent + dash)));
        return lines;
    }

    /** The value on one line, for use in a flow collection. */
    static String flow(Object value, QuotingStyle quotes) {
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, item) -> entries.add(flow(key, quotes) + ": " + flow(item, quotes)));
            return "{" + String.join(", ", entries) + "}";
        }
        if (value instanceof List<?> list) {
            return "["
                    + String.join(
                            ", ", list.stream().map(item -> flow(item, quotes)).toList()) + "]";
        }
        return scalar(value, quotes, true);
    }

    private static String scalar(Object value, QuotingStyle quotes, boolean inFlow) {
        return value instanceof Boolean ? value.toString() : ScalarWriter.write((String) value, quotes, inFlow);
    }
}
