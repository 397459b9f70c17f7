package io.jenkins.plugins.gitops.core.model;

import java.io.Serializable;

/**
 * A location in a text file of a config repository.
 *
 * @param file path relative to the repository's root, with slashes
 * @param line 1-based; 0 for the whole file
 * @param column 1-based; 0 for the whole line
 */
public record SourceLocation(String file, int line, int column) implements Serializable {

    /** The file as a whole. */
    public static SourceLocation of(String file) {
        return new SourceLocation(file, 0, 0);
    }

    /** {@code file:line:column}, without the unknown parts. */
    @Override
    public String toString() {
        if (line == 0) {
            return file;
        }
        return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
