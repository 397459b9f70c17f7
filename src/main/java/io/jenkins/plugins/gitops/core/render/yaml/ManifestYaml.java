package io.jenkins.plugins.gitops.core.render.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes manifests as {@code kustomize build} 5.8.1 does: go-yaml 2, in block style, with keys in natural order, long
 * lines folded, and quotes only where the plain text would be read as something else.
 */
public final class ManifestYaml {
    private static final String INDENT = "  ";
    /** In bytes of UTF-8; a longer key is written as a complex key. */
    private static final int MAX_SIMPLE_KEY = 128;

    private final StringBuilder out = new StringBuilder();

    private ManifestYaml() {}

    /**
     * Writes the manifests, separated by {@code ---}.
     *
     * @param manifests plain values as in {@link io.jenkins.plugins.gitops.core.render.RenderResult#manifests()}
     */
    public static String write(List<Map<String, Object>> manifests) {
        ManifestYaml yaml = new ManifestYaml();
        String separator = "";
        for (Map<String, Object> manifest : manifests) {
            yaml.out.append(separator);
            if (manifest.isEmpty()) {
                yaml.out.append("{}\n");
            } else {
                yaml.map(manifest, "");
            }
            separator = "---\n";
        }
        return yaml.out.toString();
    }

    /** Starts at the position of the first key and ends after a line break. */
    private void map(Map<?, ?> map, String indent) {
        String before = "";
        List<String> keys = map.keySet().stream()
                .map(String.class::cast)
                .sorted(KeyOrder.NATURAL)
                .toList();
        for (String key : keys) {
            out.append(before);
            key(key, indent);
            Object value = map.get(key);
            if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
                out.append('\n').append(indent).append(INDENT);
                map(inner, indent + INDENT);
            } else if (value instanceof List<?> inner && !inner.isEmpty()) {
                out.append('\n').append(indent);
                list(inner, indent);
            } else {
                out.append(' ');
                leaf(value, indent);
            }
            before = indent;
        }
    }

    private void key(String key, String indent) {
        boolean simple = key.indexOf('\n') < 0 && key.getBytes(StandardCharsets.UTF_8).length <= MAX_SIMPLE_KEY;
        if (simple) {
            out.append(ScalarStyle.key(key)).append(':');
        } else {
            out.append("? ");
            leaf(key, indent);
            out.append(indent).append(':');
        }
    }

    /** Starts at the position of the first hyphen and ends after a line break. */
    private void list(List<?> list, String indent) {
        String before = "";
        for (Object item : list) {
            out.append(before).append("- ");
            if (item instanceof Map<?, ?> inner && !inner.isEmpty()) {
                map(inner, indent + INDENT);
            } else if (item instanceof List<?> inner && !inner.isEmpty()) {
                list(inner, indent + INDENT);
            } else {
                leaf(item, indent);
            }
            before = indent;
        }
    }

    private void leaf(@CheckForNull Object value, String indent) {
        if (value instanceof Map) {
            out.append("{}");
        } else if (value instanceof List) {
            out.append("[]");
        } else if (value instanceof String text) {
            int column = out.codePointCount(out.lastIndexOf("\n") + 1, out.length());
            out.append(ScalarStyle.write(text, indent + INDENT, column));
        } else if (value instanceof Double number) {
            out.append(GoNumbers.yamlText(number));
        } else {
            out.append(value);
        }
        if (out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
    }
}
