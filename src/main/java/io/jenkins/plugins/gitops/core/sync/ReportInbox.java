package io.jenkins.plugins.gitops.core.sync;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Receives reports: who signed, when, in which order; keeps the newest of each agent. The edge brings the bytes and the
 * clock, and stores what must outlive the process. Safe for use by many threads.
 */
public final class ReportInbox {
    /** A larger body is refused before it is read. */
    public static final int MAX_BODY = 1 << 20;
    /** An agent is stale when it has been silent for this many of its own intervals... */
    private static final int MISSED_INTERVALS = 3;
    /** ...and for at least this long. */
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(15);

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Function<String, Optional<String>> secrets;
    private final Map<String, Received> newest = new ConcurrentHashMap<>();

    /** @param secrets the report secret of an agent by its name; empty for an unknown agent. Asked for each report. */
    public ReportInbox(Function<String, Optional<String>> secrets) {
        this.secrets = secrets;
    }

    /** A report that was accepted. */
    public record Received(String agent, Report report, Instant at) {
        /** When the agent counts as stale unless it reports again. */
        public Instant staleAt() {
            Duration patience = Duration.ofSeconds(report.intervalSeconds()).multipliedBy(MISSED_INTERVALS);
            return at.plus(patience.compareTo(LEAST_SILENCE) > 0 ? patience : LEAST_SILENCE);
        }

        /**
         * Whether the agent has been silent for too long to be believed. One that was received later than now was received
         * before the clock was set back, nobody knows how long ago.
         */
        public boolean isStale(Instant now) {
            return !now.isBefore(staleAt()) || now.isBefore(at.minus(LEAST_SILENCE));
        }
    }

    /** Why a report was not accepted: the status to answer with, and a reason for the log that the sender is not told. */
    public static final class NotAcceptedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        NotAcceptedException(int status, String reason) {
            super(reason);
            this.status = status;
        }

        /** HTTP status: 403 for whoever cannot be trusted, 409 for what is older than what is known, 400, 413. */
        public int status() {
            return status;
        }
    }

    /**
     * Takes a report in.
     *
     * @param agent value of {@link Signature#AGENT_HEADER}
     * @param timestamp value of {@link Signature#TIMESTAMP_HEADER}
     * @param signature value of {@link Signature#SIGNATURE_HEADER}
     * @throws NotAcceptedException when it is not signed by that agent, not fresh, not newer than the last, or malformed
     */
    public Received receive(
            @CheckForNull String agent,
            @CheckForNull String timestamp,
            @CheckForNull String signature,
            byte[] body,
            Instant now)
            throws NotAcceptedException {
        if (body.length > MAX_BODY) {
            throw new NotAcceptedException(413, "body of " + body.length + " bytes");
        }
        // One answer for an unknown agent, a wrong signature and a stale clock: a stranger learns nothing.
        String secret = agent == null ? null : secrets.apply(agent).orElse(null);
        if (!Signature.verify(secret, timestamp, body, signature) || !Signature.isFresh(timestamp, now)) {
            throw new NotAcceptedException(403, "unknown agent, wrong signature or clock apart");
        }
        Received received = new Received(agent, parse(body), now);
        Received winner =
                newest.merge(agent, received, (last, next) -> isNewer(next.report(), last.report()) ? next : last);
        if (winner != received) {
            throw new NotAcceptedException(409, "sequence " + received.report().sequence() + " is not newer");
        }
        return received;
    }

    /** Puts back what was stored before a restart, so that older reports stay refused. Keeps anything newer. */
    public void restore(Received stored) {
        newest.merge(stored.agent(), stored, (last, old) -> isNewer(stored.report(), last.report()) ? stored : last);
    }

    /** Forgets an agent that is no longer configured. */
    public void forget(String agent) {
        newest.remove(agent);
    }

    /** The newest report of an agent. */
    public Optional<Received> newest(String agent) {
        return Optional.ofNullable(newest.get(agent));
    }

    /** The newest report of every agent that reported. */
    public List<Received> all() {
        return List.copyOf(newest.values());
    }

    /** Reads a report, for a store; the wire's own rules hold. */
    public static Report parse(byte[] body) throws NotAcceptedException {
        try {
            Report report = JSON.readValue(body, Report.class);
            if (report == null || report.instance() == null || report.intervalSeconds() < 1) {
                throw new NotAcceptedException(400, "not a report");
            }
            Instant.parse(Objects.toString(report.startedAt()));
            for (Report.ApplicationStatus application : report.applications()) {
                check(application);
            }
            return report;
        } catch (JacksonException | DateTimeParseException e) {
            throw new NotAcceptedException(400, "malformed: " + e.getClass().getSimpleName());
        } catch (IOException e) {
            throw new NotAcceptedException(400, "unreadable");
        }
    }

    /** Writes a report as it goes over the wire. */
    public static byte[] format(Object reportOrAnswer) {
        try {
            return JSON.writeValueAsBytes(reportOrAnswer);
        } catch (JacksonException e) {
            throw new IllegalStateException("Reports are plain records", e);
        }
    }

    private static void check(Report.ApplicationStatus application) throws NotAcceptedException {
        if (application == null
                || application.name() == null
                || application.repository() == null
                || application.path() == null
                || application.sync() == null
                || application.health() == null) {
            throw new NotAcceptedException(400, "an application lacks a field");
        }
        Instant.parse(Objects.toString(application.observedAt()));
        if (application.comparedAt() != null) {
            Instant.parse(application.comparedAt());
        }
        for (Report.Condition condition : application.conditions()) {
            if (condition.type() == null) {
                throw new NotAcceptedException(400, "a condition lacks a field");
            }
            Instant.parse(Objects.toString(condition.at()));
        }
        check(application.operation());
    }

    private static void check(@CheckForNull Report.Operation operation) throws NotAcceptedException {
        if (operation != null) {
            if (operation.phase() == null || operation.revision() == null) {
                throw new NotAcceptedException(400, "an operation lacks a field");
            }
            Instant.parse(Objects.toString(operation.startedAt()));
            if (operation.finishedAt() != null) {
                Instant.parse(operation.finishedAt());
            }
        }
    }

    /** Same process: the sequence rises. Another process: it must have started later than the one we know. */
    private static boolean isNewer(Report candidate, Report known) {
        if (candidate.instance().equals(known.instance())) {
            return candidate.sequence() > known.sequence();
        }
        return Instant.parse(candidate.startedAt()).isAfter(Instant.parse(known.startedAt()));
    }
}
