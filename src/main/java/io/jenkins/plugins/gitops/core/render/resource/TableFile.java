package io.jenkins.plugins.gitops.core.render.resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the tables in the resource files of these packages: lines of cells; # starts a comment, "-" is an empty cell.
 */
final class TableFile {
    private TableFile() {}

    static List<String> lines(String resource) {
        try (InputStream in = TableFile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String cell(String cell) {
        return cell.equals("-") ? "" : cell;
    }
}
