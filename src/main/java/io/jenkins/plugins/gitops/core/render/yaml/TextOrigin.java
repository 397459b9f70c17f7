package io.jenkins.plugins.gitops.core.render.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;

/**
 * Where a parsed text stands: a file of its own, or a value inside one.
 *
 * @param file path relative to the tree's root
 * @param firstLine the 1-based line of the file that the text's first line is
 * @param columns whether the text's columns are the file's
 * @param location where the whole text stands; null when its lines are the file's
 */
public record TextOrigin(
        String file,
        int firstLine,
        boolean columns,
        @CheckForNull SourceLocation location) {

    public static TextOrigin file(String file) {
        return new TextOrigin(file, 1, true, null);
    }

    /** A text whose lines are lines of the file, only indented. */
    public static TextOrigin block(String file, int firstLine) {
        return new TextOrigin(file, firstLine, false, null);
    }

    /** A text whose lines are not the file's. */
    public static TextOrigin value(SourceLocation place) {
        return new TextOrigin(place.file(), 0, false, place);
    }

    /**
     * @param line 0-based line of the text
     * @param column 0-based column of the text
     */
    public SourceLocation at(int line, int column) {
        return location != null ? location : new SourceLocation(file, firstLine + line, columns ? column + 1 : 0);
    }
}
