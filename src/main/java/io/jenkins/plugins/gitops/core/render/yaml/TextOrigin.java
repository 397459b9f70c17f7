package io.jenkins.plugins.gitops.core.render.yaml;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;

/**
 * The origin of a parsed text: a file, or a value inside one.
 *
 * @param file path relative to the tree's root
 * @param firstLine the 1-based line of the file where the text starts
 * @param columns whether the text's columns are those of the file
 * @param location the location of the whole text; null if its lines are those of the file
 */
public record TextOrigin(
        String file,
        int firstLine,
        boolean columns,
        @CheckForNull SourceLocation location) {

    public static TextOrigin file(String file) {
        return new TextOrigin(file, 1, true, null);
    }

    /** The origin of a text whose lines are lines of the file with additional indentation. */
    public static TextOrigin block(String file, int firstLine) {
        return new TextOrigin(file, firstLine, false, null);
    }

    /** The origin of a text whose lines are not lines of the file. */
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
