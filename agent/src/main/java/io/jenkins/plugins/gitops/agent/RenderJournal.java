package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.core.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Records which renderings were running when the process ended: a small file for each is written before it starts and
 * deleted after it. Renderings of one application must not overlap. If the folder is not writable, only this record is
 * lost.
 */
final class RenderJournal {
    private static final Logger LOGGER = Logger.getLogger(RenderJournal.class.getName());
    /** The revision of an older file is no longer rendered. */
    private static final Duration MAX_AGE = Duration.ofDays(30);

    private final Path folder;
    /** How often the process ended during a rendering, by file name. */
    private final Map<String, Integer> exits = new ConcurrentHashMap<>();

    private RenderJournal(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads the records of earlier processes.
     *
     * @param cache a folder that several agents share
     * @param agent the agent's name
     */
    static RenderJournal open(Path cache, String agent) {
        Path folder = cache.resolve("rendering-" + Sha256.hex(agent).substring(0, 16));
        RenderJournal journal = new RenderJournal(folder);
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    journal.read(file);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Failed to read the records of unfinished renderings: {0}", e.toString());
        }
        return journal;
    }

    private void read(Path file) throws IOException {
        Instant oldest = Instant.now().minus(MAX_AGE);
        if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
            Files.delete(file);
            return;
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        // A truncated file is from a process that ended immediately after it had created the file.
        exits.put(file.getFileName().toString(), text.matches("\\d{1,3}") ? Integer.parseInt(text) : 1);
    }

    /** How often the process ended during this rendering. */
    int exits(String application, String revision) {
        return exits.getOrDefault(name(application, revision), 0);
    }

    /** Records the start of a rendering. */
    void begin(String application, String revision) {
        String name = name(application, revision);
        try {
            Files.writeString(folder.resolve(name), Integer.toString(exits.getOrDefault(name, 0) + 1));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Failed to record a rendering: {0}", e.toString());
        }
    }

    /** Records the end of a rendering, successful or not, that the process survived. */
    void end(String application, String revision) {
        String name = name(application, revision);
        exits.remove(name);
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Failed to delete the record of a rendering: {0}", e.toString());
        }
    }

    private static String name(String application, String revision) {
        return Sha256.hex(application + "\n" + revision);
    }
}
