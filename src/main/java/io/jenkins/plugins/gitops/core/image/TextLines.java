package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A text that is read line by line, with each byte as one character, whatever its encoding is. */
final class TextLines {
    private final String file;
    private final String text;

    /** @throws UserErrorException when the file exceeds the size limit of YAML files */
    TextLines(String file, byte[] content) throws UserErrorException {
        YamlLimits.checkSize(file, content.length);
        this.file = file;
        this.text = new String(content, StandardCharsets.ISO_8859_1);
    }

    /**
     * One line.
     *
     * @param start offset of its first character
     * @param text without the line break
     */
    record Line(int start, String text) {}

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int feed = text.indexOf('\n', start);
            int next = feed < 0 ? text.length() : feed + 1;
            int end = feed < 0 ? text.length() : feed > start && text.charAt(feed - 1) == '\r' ? feed - 1 : feed;
            lines.add(new Line(start, text.substring(start, end)));
            start = next;
        }
        return lines;
    }

    String text() {
        return text;
    }

    SourceLocation location(int offset) {
        int line = 1;
        int start = 0;
        for (int feed = text.indexOf('\n'); feed >= 0 && feed < offset; feed = text.indexOf('\n', feed + 1)) {
            line++;
            start = feed + 1;
        }
        return new SourceLocation(file, line, offset - start + 1);
    }

    byte[] replace(int start, int end, String value) {
        return (text.substring(0, start) + value + text.substring(end)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
