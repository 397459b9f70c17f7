package io.jenkins.plugins.gitops.status.flux;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.core.flux.FluxEventLog;
import io.jenkins.plugins.gitops.status.StateFolder;
import io.jenkins.plugins.gitops.status.StorageFailureLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/**
 * Stores the events of each Flux in a separate file. Writes are coalesced: at most one per Flux and interval, and none
 * on the thread that responds to Flux.
 */
final class FluxStore {
    private static final Logger LOGGER = Logger.getLogger(FluxStore.class.getName());
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final long INTERVAL_SECONDS = 1;

    private final Path folder;
    private final StateFolder state;
    private final Function<String, Optional<FluxEventLog>> ledgers;
    private final Runnable flushSoon;
    private final Set<String> dirty = new HashSet<>();
    private final StorageFailureLog log = new StorageFailureLog(LOGGER);
    private boolean scheduled;

    /**
     * @param ledgers returns the events of a Flux; called right before writing
     * @param flushSoon schedules {@link #flush} on a thread that may block
     */
    FluxStore(Path folder, Function<String, Optional<FluxEventLog>> ledgers, Runnable flushSoon) {
        this.folder = folder;
        this.state = new StateFolder(folder);
        this.ledgers = ledgers;
        this.flushSoon = flushSoon;
    }

    /** Schedules writing the events of a Flux, or deleting the file when the Flux is no longer known. */
    void changed(String name) {
        synchronized (dirty) {
            dirty.add(name);
            if (!scheduled) {
                scheduled = true;
                Timer.get().schedule(flushSoon, INTERVAL_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /**
     * Writes everything that is pending. The lock is held only by writers, so that no other thread waits for the disk.
     */
    void flush() {
        synchronized (folder) {
            List<String> batch;
            synchronized (dirty) {
                scheduled = false;
                batch = List.copyOf(dirty);
                dirty.clear();
            }
            for (String name : batch) {
                ledgers.apply(name).ifPresentOrElse(ledger -> write(name, ledger.stored()), () -> delete(name));
            }
        }
    }

    private void delete(String name) {
        log.forget("the events of Flux " + name);
        try {
            Files.deleteIfExists(state.file(name));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The events of Flux " + name + " could not be deleted");
        }
    }

    /**
     * The stored events, by name. A file that cannot be read is skipped, and a file of a newer version is moved aside.
     */
    Map<String, FluxEventLog> readAll() {
        Map<String, FluxEventLog> all = new HashMap<>();
        try {
            for (Path file : state.files()) {
                read(file).ifPresent(ledger -> all.put(state.nameOf(file), ledger));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The events of Flux could not be read from " + folder);
        }
        return all;
    }

    private Optional<FluxEventLog> read(Path file) {
        try {
            JsonNode stored = JSON.readTree(Files.readAllBytes(file));
            int version = stored.path("version").asInt();
            if (version > FluxEventLog.StoredLog.VERSION) {
                Path aside = file.resolveSibling(state.nameOf(file) + ".version-" + version);
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
                LOGGER.warning(() -> file + " was written by a newer version of this plugin; it is kept as " + aside
                        + ", and its events are unknown until Flux sends new ones");
                return Optional.empty();
            }
            if (version != FluxEventLog.StoredLog.VERSION) {
                throw new IOException("it has no version");
            }
            FluxEventLog ledger = new FluxEventLog();
            ledger.restore(JSON.treeToValue(stored, FluxEventLog.StoredLog.class));
            return Optional.of(ledger);
        } catch (IOException | DateTimeException e) {
            LOGGER.log(
                    Level.WARNING, e, () -> file + " cannot be read; its events are unknown until Flux sends new ones");
            return Optional.empty();
        }
    }

    private void write(String name, FluxEventLog.StoredLog storedLog) {
        try {
            state.write(state.file(name), JSON.writeValueAsString(storedLog));
            log.succeeded("the events of Flux " + name);
        } catch (IOException e) {
            log.failed("the events of Flux " + name, "after a restart they are unknown until Flux sends new ones", e);
        }
    }
}
