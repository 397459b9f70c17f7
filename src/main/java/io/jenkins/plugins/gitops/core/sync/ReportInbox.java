package io.jenkins.plugins.gitops.core.sync;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.CleanText;
import io.jenkins.plugins.gitops.core.webhook.Hmac;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
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

    /** A longer interval is not believed: an agent that says so would never be missed. */
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);
    /** Of former processes of one agent this many are remembered. */
    private static final int MOST_FORMER = 8;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Function<String, Optional<String>> secrets;
    /** Nobody can sign with it; what comes in an unknown name is checked against it, which takes as long. */
    private final String decoy = Hmac.randomSecret();

    private final Map<String, Known> newest = new ConcurrentHashMap<>();
    /** Pages of reports that are not complete, by agent. */
    private final Map<String, PartialReport> partial = new ConcurrentHashMap<>();

    /** @param secrets the report secret of an agent by its name; empty for an unknown agent. Asked for each report. */
    public ReportInbox(Function<String, Optional<String>> secrets) {
        this.secrets = secrets;
    }

    /**
     * A report that was accepted.
     *
     * @param version of its signature; the response has the same
     */
    public record Received(String agent, Report report, Instant at, int version) {
        /** Whether it was one page of a report that is not complete yet; nothing follows from it. */
        public boolean isPartial() {
            return report.page() != null;
        }

        /** The same with another report. */
        private Received with(Report other) {
            return new Received(agent, other, at, version);
        }

        /** In the newest version. */
        public Received(String agent, Report report, Instant at) {
            this(agent, report, at, Signature.VERSION);
        }

        /** When the agent counts as stale unless it reports again. */
        public Instant staleAt() {
            Duration told = Duration.ofSeconds(report.intervalSeconds());
            Duration interval = told.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : told;
            Duration patience = interval.multipliedBy(MISSED_INTERVALS);
            return at.plus(patience.compareTo(LEAST_SILENCE) > 0 ? patience : LEAST_SILENCE);
        }

        /**
         * Whether the agent has been silent for too long to be believed. One that was received later than now was received
         * before the clock was set back, nobody knows how long ago.
         */
        public boolean isStale(Instant now) {
            return !now.isBefore(staleAt()) || now.isBefore(at.minus(LEAST_SILENCE));
        }

        /** Whether that process said that it would start later than it was heard: its clock was wrong. */
        private boolean startsInTheFuture() {
            return Instant.parse(report.startedAt()).isAfter(at);
        }
    }

    /**
     * The newest report of an agent, and how far its former processes came, which cannot speak after it.
     *
     * @param former the last sequence by instance, oldest first
     */
    private record Known(Received received, Map<String, Long> former) {
        static Known first(Received received) {
            return new Known(received, Map.of());
        }

        Known then(Received next) {
            Report last = received.report();
            if (next.report().instance().equals(last.instance())) {
                return new Known(next, former);
            }
            Map<String, Long> all = new LinkedHashMap<>(former);
            all.remove(next.report().instance());
            all.put(last.instance(), last.sequence());
            if (all.size() > MOST_FORMER) {
                all.remove(all.keySet().iterator().next());
            }
            return new Known(next, Collections.unmodifiableMap(all));
        }

        /**
         * Same process: the sequence rises. Another process: it started later than the one that is known. Clocks may be
         * wrong: where that one said that it starts in the future, any process that was not heard before takes its place,
         * and where it fell silent, any process at all.
         */
        boolean isOlderThan(Received next) {
            Report candidate = next.report();
            if (candidate.instance().equals(received.report().instance())) {
                return candidate.sequence() > received.report().sequence();
            }
            Long before = former.get(candidate.instance());
            if (before != null && candidate.sequence() <= before) {
                return false;
            }
            return startOf(candidate).isAfter(startOf(received.report()))
                    || before == null && received.startsInTheFuture()
                    || received.isStale(next.at());
        }

        private static Instant startOf(Report report) {
            return Instant.parse(report.startedAt());
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
     * @return the report, complete when this was its last page; {@link Received#isPartial} for any page before
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
            throw new NotAcceptedException(413, "its body has " + body.length + " bytes");
        }
        int version = authenticate(agent, timestamp, signature, body, now);
        Received received = new Received(agent, StalledObservation.marked(parse(body), now), now, version);
        return received.isPartial() ? addPage(received) : accept(received);
    }

    private Received accept(Received received) throws NotAcceptedException {
        AtomicReference<Received> accepted = new AtomicReference<>();
        newest.compute(received.agent(), (name, known) -> {
            if (known != null && !known.isOlderThan(received)) {
                return known;
            }
            Received next = known == null
                    ? received
                    : received.with(OmittedApplications.keep(known.received().report(), received.report()));
            accepted.set(next);
            return known == null ? Known.first(next) : known.then(next);
        });
        if (accepted.get() == null) {
            throw notNewer(received.report());
        }
        return accepted.get();
    }

    /** Pages come in order; after a gap the sender begins again. */
    private synchronized Received addPage(Received page) throws NotAcceptedException {
        Report report = page.report();
        PartialReport before = partial.get(page.agent());
        PartialReport after;
        if (report.part().index() == 1) {
            Known known = newest.get(page.agent());
            if (known != null && !known.isOlderThan(page) || before != null && before.isAfter(report)) {
                throw notNewer(report);
            }
            after = PartialReport.of(report);
        } else if (before != null && before.isContinuedBy(report)) {
            after = before.with(report);
        } else {
            throw new NotAcceptedException(
                    409, "page " + report.part().index() + " of a report follows no page before it");
        }
        if (!after.isComplete()) {
            partial.put(page.agent(), after);
            return page;
        }
        partial.remove(page.agent());
        return accept(page.with(after.whole()));
    }

    private static NotAcceptedException notNewer(Report report) {
        return new NotAcceptedException(
                409,
                "it is not newer than the last one (sequence " + report.sequence() + ", process started at "
                        + CleanText.line(report.startedAt(), 40) + ")");
    }

    /**
     * One answer for an unknown agent, a wrong signature and a wrong clock: a stranger learns nothing. The log does.
     *
     * @return the version of the signature
     */
    private int authenticate(
            @CheckForNull String agent,
            @CheckForNull String timestamp,
            @CheckForNull String signature,
            byte[] body,
            Instant now)
            throws NotAcceptedException {
        Optional<String> secret = agent == null ? Optional.empty() : secrets.apply(agent);
        String key = secret.orElse(decoy);
        int version = Signature.version(signature);
        boolean right = version == Signature.VERSION
                ? Signature.verify(key, Signature.Context.report(agent, timestamp), body, signature)
                : Signature.verify(key, timestamp, body, signature);
        if (secret.isEmpty()) {
            throw new NotAcceptedException(403, "no agent of that name is configured");
        }
        if (!right) {
            throw new NotAcceptedException(403, "its signature is wrong; check that both sides have the same secret");
        }
        if (!Signature.isFresh(timestamp, now)) {
            Duration apart = Signature.apart(timestamp, now);
            throw new NotAcceptedException(
                    403,
                    "its clock is " + (apart == null ? "unreadable" : Math.abs(apart.toSeconds()) + " s ")
                            + (apart == null ? "" : apart.isNegative() ? "behind" : "ahead")
                            + "; check the clocks of both sides");
        }
        return version;
    }

    /** Puts back what was stored before a restart, so that older reports stay refused. Keeps anything newer. */
    public void restore(Received stored) {
        newest.merge(
                stored.agent(),
                Known.first(stored),
                (last, old) -> last.isOlderThan(stored) ? last.then(stored) : last);
    }

    /** Forgets an agent that is no longer configured. */
    public void forget(String agent) {
        newest.remove(agent);
        partial.remove(agent);
    }

    /** The newest report of an agent. */
    public Optional<Received> newest(String agent) {
        return Optional.ofNullable(newest.get(agent)).map(Known::received);
    }

    /** The newest report of every agent that reported. */
    public List<Received> all() {
        return newest.values().stream().map(Known::received).toList();
    }

    /** Reads a report, for a store; the wire's own rules hold. */
    public static Report parse(byte[] body) throws NotAcceptedException {
        try {
            Report report = JSON.readValue(body, Report.class);
            if (report == null
                    || report.instance() == null
                    || report.intervalSeconds() < 1
                    || report.page() != null && !report.part().isValid()) {
                throw new NotAcceptedException(400, "not a report");
            }
            Instant.parse(Objects.toString(report.startedAt()));
            for (Report.ApplicationStatus application : report.applications()) {
                check(application);
            }
            return ReportTexts.cleaned(report);
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
}
