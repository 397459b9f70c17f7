package io.jenkins.plugins.gitops.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.util.AtomicFileWriter;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/**
 * Keeps the newest report of each agent in a file of its own. Writes are coalesced: however often an agent reports, at
 * most one write for it in each interval, and none on the thread that answers it.
 */
final class ReportStore {
    private static final Logger LOGGER = Logger.getLogger(ReportStore.class.getName());
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String SUFFIX = ".json";
    private static final long INTERVAL_SECONDS = 1;

    private final Path folder;
    private final Function<String, Optional<ReportInbox.Received>> newest;
    private final Set<String> dirty = new HashSet<>();
    private boolean scheduled;

    /** @param newest the newest report of an agent; asked when it is about to be written */
    ReportStore(Path folder, Function<String, Optional<ReportInbox.Received>> newest) {
        this.folder = folder;
        this.newest = newest;
    }

    /** The newest report of an agent will be written soon. */
    void changed(String agent) {
        synchronized (dirty) {
            dirty.add(agent);
            if (!scheduled) {
                scheduled = true;
                Runnable flush = () -> Repositories.get().pool().execute(this::flush);
                Timer.get().schedule(flush, INTERVAL_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** Writes what is still to be written. */
    void flush() {
        synchronized (folder) {
            List<String> batch;
            synchronized (dirty) {
                scheduled = false;
                batch = List.copyOf(dirty);
                dirty.clear();
            }
            for (String agent : batch) {
                newest.apply(agent).ifPresent(this::write);
            }
        }
    }

    void remove(String agent) {
        synchronized (folder) {
            synchronized (dirty) {
                dirty.remove(agent);
            }
            try {
                Files.deleteIfExists(file(agent));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "The report of agent " + agent + " could not be deleted");
            }
        }
    }

    /** What was stored; a file that cannot be read is left out. */
    List<ReportInbox.Received> readAll() {
        List<ReportInbox.Received> all = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return all;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                try {
                    all.add(read(file));
                } catch (IOException | ReportInbox.NotAcceptedException | DateTimeException e) {
                    LOGGER.log(
                            Level.WARNING, e, () -> "The stored report " + file + " is not readable and is left out");
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The stored reports in " + folder + " could not be listed");
        }
        return all;
    }

    private void write(ReportInbox.Received received) {
        ObjectNode stored = JSON.createObjectNode();
        stored.put("at", received.at().toString());
        try {
            stored.set("report", JSON.readTree(ReportInbox.format(received.report())));
            Files.createDirectories(folder);
            try (AtomicFileWriter writer = new AtomicFileWriter(file(received.agent()), StandardCharsets.UTF_8)) {
                writer.write(JSON.writeValueAsString(stored));
                writer.commit();
            }
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    e,
                    () -> "The report of agent " + received.agent()
                            + " could not be stored; after a restart it is unknown until the agent reports again");
        }
    }

    private static ReportInbox.Received read(Path file) throws IOException, ReportInbox.NotAcceptedException {
        String name = String.valueOf(file.getFileName());
        var stored = JSON.readTree(Files.readAllBytes(file));
        return new ReportInbox.Received(
                name.substring(0, name.length() - SUFFIX.length()),
                ReportInbox.parse(JSON.writeValueAsBytes(stored.path("report"))),
                Instant.parse(stored.path("at").asText()));
    }

    private Path file(String agent) {
        return folder.resolve(agent + SUFFIX);
    }
}
