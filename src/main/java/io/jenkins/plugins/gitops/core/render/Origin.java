package io.jenkins.plugins.gitops.core.render;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;

/**
 * Where a parsed text stands: a file of its own, or a value inside one.
 *
 * @param file path relative to the tree's root
 * @param firstLine the 1-based line of the file that the text's first line is
 * @param columns whether the text's columns are the file's
 * @param place where the whole text stands; null when its lines are the file's
 */
record Origin(
        String file,
        int firstLine,
        boolean columns,
        @CheckForNull SourceLocation place) {

    static Origin file(String file) {
        return new Origin(file, 1, true, null);
    }

    /** A text whose lines are lines of the file, only indented. */
    static Origin block(String file, int firstLine) {
        return new Origin(file, firstLine, false, null);
    }

    /** A text whose lines are not the file's. */
    static Origin value(SourceLocation place) {
        return new Origin(place.file(), 0, false, place);
    }

    /**
     * @param line 0-based line of the text
     * @param column 0-based column of the text
     */
    SourceLocation at(int line, int column) {
        return place != null ? place : new SourceLocation(file, firstLine + line, columns ? column + 1 : 0);
    }
}
