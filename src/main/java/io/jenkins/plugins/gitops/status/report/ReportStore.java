package io.jenkins.plugins.gitops.status.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.status.StateFolder;
import io.jenkins.plugins.gitops.status.StorageFailureLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;

/**
 * Stores the newest report of each agent in {@code NAME.json}, and the latest heartbeat since then in
 * {@code NAME.seen}: a heartbeat contains nothing new and takes one line, whereas the report is large. Writes are
 * coalesced: at most one per agent and interval, and none on the thread that responds to the agent.
 *
 * <p>The previous release must be able to read these files, and its files are read here: {@code at} and {@code report}
 * must not change.
 */
final class ReportStore {
    private static final Logger LOGGER = Logger.getLogger(ReportStore.class.getName());
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final String SEEN = ".seen";
    private static final String BROKEN = ".broken";
    private static final int VERSION = 1;
    /** Larger files are not read: accepted reports are smaller, so this class did not write them. */
    private static final long MAX_FILE_BYTES = 2L * Report.Page.MAX * ReportVerifier.MAX_BODY;

    private static final long INTERVAL_SECONDS = 1;

    private final Path folder;
    private final StateFolder state;
    private final Executor pool;
    /** Pending writes, by agent. */
    private final Map<String, PendingWrite> dirty = new HashMap<>();

    private boolean scheduled;

    private final StorageFailureLog log = new StorageFailureLog(LOGGER);

    /**
     * @param received null when the agent was removed
     * @param news whether it differs from what was written last by more than a heartbeat
     */
    private record PendingWrite(@CheckForNull ReportVerifier.VerifiedReport received, boolean news) {}

    /** @param pool runs the writes; may reject them when Jenkins shuts down */
    ReportStore(Path folder, Executor pool) {
        this.folder = folder;
        this.state = new StateFolder(folder);
        this.pool = pool;
    }

    /**
     * Schedules writing the newest report of an agent. Must be called in the order of the reports.
     *
     * @param news whether it differs from the previous report by more than a heartbeat
     */
    void changed(ReportVerifier.VerifiedReport verifiedReport, boolean news) {
        synchronized (dirty) {
            dirty.merge(
                    verifiedReport.agent(),
                    new PendingWrite(verifiedReport, news),
                    (last, next) -> new PendingWrite(next.received(), last.news() || next.news()));
            schedule();
        }
    }

    /** Schedules deleting the files of an agent. */
    void remove(String agent) {
        synchronized (dirty) {
            dirty.put(agent, new PendingWrite(null, true));
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            Timer.get().schedule(this::flushOnPool, INTERVAL_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void flushOnPool() {
        try {
            pool.execute(this::flush);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Jenkins is shutting down, which writes it too", e);
        }
    }

    /**
     * Writes everything that is pending. The lock is held only by writers, so that no other thread waits for the disk.
     */
    void flush() {
        synchronized (folder) {
            Map<String, PendingWrite> batch;
            synchronized (dirty) {
                scheduled = false;
                batch = Map.copyOf(dirty);
                dirty.clear();
            }
            batch.forEach((agent, pendingWrite) -> {
                ReportVerifier.VerifiedReport verifiedReport = pendingWrite.received();
                if (verifiedReport == null) {
                    delete(agent);
                } else {
                    write(verifiedReport, pendingWrite.news());
                }
            });
        }
    }

    private void delete(String agent) {
        log.forget(named(agent));
        try {
            for (String suffix : List.of(StateFolder.SUFFIX, SEEN, StateFolder.SUFFIX + BROKEN)) {
                Files.deleteIfExists(folder.resolve(agent + suffix));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> named(agent) + " could not be deleted");
        }
    }

    private static String named(String agent) {
        return "the report of agent " + agent;
    }

    /** The stored reports. A file that cannot be read is moved aside, so that it is logged only once. */
    List<ReportVerifier.VerifiedReport> readAll() {
        List<ReportVerifier.VerifiedReport> all = new ArrayList<>();
        try {
            for (Path file : state.files()) {
                try {
                    all.add(read(file));
                } catch (IOException | ReportVerifier.ReportRejectedException | RuntimeException e) {
                    putAside(file, e);
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "The stored reports in " + folder + " could not be listed");
        }
        return all;
    }

    private static void putAside(Path file, Exception why) {
        Path aside = file.resolveSibling(file.getFileName() + BROKEN);
        LOGGER.log(
                Level.WARNING,
                why,
                () -> "The stored report " + file + " cannot be read and is kept as " + aside.getFileName()
                        + "; its agent is unknown until it reports again");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> file + " could not be moved");
        }
    }

    private void write(ReportVerifier.VerifiedReport verifiedReport, boolean news) {
        String agent = verifiedReport.agent();
        try {
            if (news || !Files.exists(state.file(agent))) {
                String report = new String(ReportVerifier.format(verifiedReport.report()), StandardCharsets.UTF_8);
                state.write(
                        state.file(agent),
                        "{\"version\":" + VERSION + ",\"at\":\"" + verifiedReport.at() + "\",\"report\":" + report
                                + "}");
            } else {
                state.write(folder.resolve(agent + SEEN), JSON.writeValueAsString(Heartbeat.of(verifiedReport)));
            }
            log.succeeded(named(agent));
        } catch (IOException e) {
            log.failed(named(agent), "after a restart it is unknown until the agent reports again", e);
        }
    }

    /** A report that contained nothing new. */
    private record Heartbeat(String instance, long sequence, String at) {
        static Heartbeat of(ReportVerifier.VerifiedReport verifiedReport) {
            return new Heartbeat(
                    verifiedReport.report().instance(),
                    verifiedReport.report().sequence(),
                    verifiedReport.at().toString());
        }

        /** The stored report, updated to the sequence number and time of this heartbeat. */
        ReportVerifier.VerifiedReport after(ReportVerifier.VerifiedReport stored) {
            Report report = stored.report();
            if (!report.instance().equals(instance) || sequence <= report.sequence()) {
                return stored;
            }
            Report later = new Report(
                    instance,
                    report.startedAt(),
                    sequence,
                    report.intervalSeconds(),
                    report.applications(),
                    report.readOnly(),
                    null,
                    report.omitted());
            return new ReportVerifier.VerifiedReport(stored.agent(), later, Instant.parse(at));
        }
    }

    private ReportVerifier.VerifiedReport read(Path file) throws IOException, ReportVerifier.ReportRejectedException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("larger than " + MAX_FILE_BYTES + " bytes");
        }
        String agent = state.nameOf(file);
        JsonNode stored = JSON.readTree(Files.readAllBytes(file));
        ReportVerifier.VerifiedReport verifiedReport = new ReportVerifier.VerifiedReport(
                agent,
                ReportVerifier.parse(JSON.writeValueAsBytes(stored.path("report"))),
                Instant.parse(stored.path("at").asText()));
        int version = stored.path("version").asInt(VERSION);
        if (version > VERSION) {
            LOGGER.warning(() -> "The stored report " + file + " has version " + version
                    + ", written by a newer release of this plugin; unknown fields are ignored");
        }
        Heartbeat heartbeat = seen(agent);
        return heartbeat == null ? verifiedReport : heartbeat.after(verifiedReport);
    }

    @CheckForNull
    private Heartbeat seen(String agent) {
        Path file = folder.resolve(agent + SEEN);
        try {
            if (!Files.exists(file) || Files.size(file) > MAX_FILE_BYTES) {
                return null;
            }
            JsonNode line = JSON.readTree(Files.readAllBytes(file));
            String at = line.path("at").asText();
            Instant.parse(at);
            return new Heartbeat(
                    line.path("instance").asText(), line.path("sequence").asLong(), at);
        } catch (IOException | DateTimeException e) {
            LOGGER.log(Level.WARNING, e, () -> file + " cannot be read and is ignored");
            return null;
        }
    }
}
