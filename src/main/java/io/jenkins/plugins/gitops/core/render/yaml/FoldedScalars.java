package io.jenkins.plugins.gitops.core.render.yaml;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValueParser.Dialect;

/**
 * The effect of kustomize on a folded block (&gt;). kustomize writes every resource as YAML and reads it back, and
 * go-yaml writes one line break too many before a line with more indentation.
 */
final class FoldedScalars {
    private FoldedScalars() {}

    /** The text as it is read back. */
    static String afterRoundTrip(String text) {
        if (text.isEmpty() || !isWrittenFolded(text)) {
            return text;
        }
        try {
            TextOrigin nowhere = TextOrigin.value(SourceLocation.of(""));
            return YamlValueParser.parse(nowhere, Dialect.MANIFEST, "k: >" + written(text))
                    .get(0)
                    .get("k")
                    .text();
        } catch (UserErrorException e) {
            throw new IllegalStateException("what was written here is a folded block", e);
        }
    }

    /** Otherwise it is written in double quotes, which preserve it. */
    private static boolean isWrittenFolded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean spaceBeforeBreak = c == ' ' && (i + 1 == text.length() || text.charAt(i + 1) == '\n');
            if (spaceBeforeBreak || c != '\n' && c != '\t' && PlainScalarRules.isSpecial(c)) {
                return false;
            }
        }
        return true;
    }

    private static String written(String text) {
        StringBuilder block = new StringBuilder(text.length() + 16);
        block.append(text.charAt(0) == ' ' || text.charAt(0) == '\n' ? "2" : "");
        block.append(!text.endsWith("\n") ? "-" : text.equals("\n") || text.endsWith("\n\n") ? "+" : "");
        block.append('\n');
        int firstNonBreak = 0;
        while (firstNonBreak < text.length() && text.charAt(firstNonBreak) == '\n') {
            firstNonBreak++;
        }
        boolean blankFollows = firstNonBreak == text.length()
                || text.charAt(firstNonBreak) == ' '
                || text.charAt(firstNonBreak) == '\t';
        boolean atLineStart = true;
        boolean indented = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                // go-yaml uses the first line to decide about every break.
                block.append(!atLineStart && !indented && !blankFollows ? "\n\n" : "\n");
                atLineStart = true;
            } else {
                if (atLineStart) {
                    block.append("  ");
                    indented = c == ' ' || c == '\t';
                }
                block.append(c);
                atLineStart = false;
            }
        }
        return block.append(atLineStart ? "" : "\n").toString();
    }
}
