package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Substitutes the parameters in a text of an ApplicationSet's template: the plain {@code {{path.basename}}}, and the Go
 * template expressions for a single value, {@code {{ .path.basename }}} and {@code {{ index .path.segments 1 }}}. Does
 * not evaluate functions and conditions.
 */
final class TemplateText {
    private static final Pattern EXPRESSION = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}", Pattern.DOTALL);
    private static final Pattern INDEX =
            Pattern.compile("\\(?index\\s+\\.?([A-Za-z0-9_.-]+)\\s+(?:\"([^\"]+)\"|(\\d+))\\)?");
    private static final Pattern NAME = Pattern.compile("\\.?([A-Za-z0-9_][A-Za-z0-9_.\\[\\]-]*)");

    private TemplateText() {}

    /** The text; null when it needs more than parameter values. */
    @CheckForNull
    static String fill(String text, Map<String, String> parameters) {
        StringBuilder filled = new StringBuilder();
        Matcher matcher = EXPRESSION.matcher(text);
        int end = 0;
        while (matcher.find()) {
            String value = value(matcher.group(1), parameters);
            if (value == null) {
                return null;
            }
            filled.append(text, end, matcher.start()).append(value);
            end = matcher.end();
        }
        return filled.append(text, end, text.length()).toString();
    }

    @CheckForNull
    private static String value(String expression, Map<String, String> parameters) {
        Matcher index = INDEX.matcher(expression);
        if (index.matches()) {
            String list = index.group(1).replaceAll("\\.segments$", "");
            return parameters.get(
                    index.group(3) == null ? list + "." + index.group(2) : list + "[" + index.group(3) + "]");
        }
        Matcher name = NAME.matcher(expression);
        return name.matches() ? parameters.get(name.group(1).replaceAll("\\.path$", "")) : null;
    }
}
