package io.jenkins.plugins.gitops.status;

import hudson.util.AtomicFileWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Files in which state survives a restart: {@code NAME.json} in one folder, which is created on the first write. */
@Restricted(NoExternalUse.class)
public final class StateFolder {
    /** Suffix of the file names. */
    public static final String SUFFIX = ".json";

    private final Path folder;

    public StateFolder(Path folder) {
        this.folder = folder;
    }

    /** The file for a name; it may not exist. */
    public Path file(String name) {
        return folder.resolve(name + SUFFIX);
    }

    /** The name that a file of this folder is for. */
    public String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - SUFFIX.length());
    }

    /** All files, in no particular order; empty when the folder does not exist. */
    public List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
                files.forEach(all::add);
            }
        }
        return Collections.unmodifiableList(all);
    }

    /**
     * Replaces the content of a file of this folder atomically: a reader sees either the old content or the new one.
     *
     * @param file may have a suffix other than {@link #SUFFIX}
     */
    public void write(Path file, String text) throws IOException {
        Files.createDirectories(folder);
        try (AtomicFileWriter writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
            writer.write(text);
            writer.commit();
        }
    }
}
