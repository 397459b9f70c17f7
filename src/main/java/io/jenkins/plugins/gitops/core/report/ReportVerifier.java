package io.jenkins.plugins.gitops.core.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
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
public final class ReportVerifier {
    /** A larger body is refused before it is read. */
    public static final int MAX_BODY = 1 << 20;
    /** An agent is stale when it has been silent for this many of its own intervals... */
    private static final int MISSED_INTERVALS = 3;
    /** ...and for at least this long. */
    private static final Duration MIN_STALE_AFTER = Duration.ofSeconds(15);

    /** A longer interval is not believed: an agent that says so would never be missed. */
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);
    /** Of former processes of one agent this many are remembered. */
    private static final int MAX_FORMER_INSTANCES = 8;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Function<String, Optional<String>> secrets;
    /** Nobody can sign with it; what comes in an unknown name is checked against it, which takes as long. */
    private final String decoy = Hmac.randomSecret();

    private final Map<String, AgentProgress> newest = new ConcurrentHashMap<>();
    /** Pages of reports that are not complete, by agent. */
    private final Map<String, PartialReport> partial = new ConcurrentHashMap<>();

    /** @param secrets the report secret of an agent by its name; empty for an unknown agent. Asked for each report. */
    public ReportVerifier(Function<String, Optional<String>> secrets) {
        this.secrets = secrets;
    }

    /**
     * A report that was accepted.
     *
     * @param version of its signature; the response has the same
     */
    public record VerifiedReport(String agent, Report report, Instant at, int version) {
        /** Whether it was one page of a report that is not complete yet; nothing follows from it. */
        public boolean isPartial() {
            return report.page() != null;
        }

        /** The same with another report. */
        private VerifiedReport with(Report other) {
            return new VerifiedReport(agent, other, at, version);
        }

        /** In the newest version. */
        public VerifiedReport(String agent, Report report, Instant at) {
            this(agent, report, at, ReportSignature.VERSION);
        }

        /** When the agent counts as stale unless it reports again. */
        public Instant staleAt() {
            Duration told = Duration.ofSeconds(report.intervalSeconds());
            Duration interval = told.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : told;
            Duration staleAfter = interval.multipliedBy(MISSED_INTERVALS);
            return at.plus(staleAfter.compareTo(MIN_STALE_AFTER) > 0 ? staleAfter : MIN_STALE_AFTER);
        }

        /**
         * Whether the agent has been silent for too long to be believed. One that was received later than now was received
         * before the clock was set back, nobody knows how long ago.
         */
        public boolean isStale(Instant now) {
            return !now.isBefore(staleAt()) || now.isBefore(at.minus(MIN_STALE_AFTER));
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
    private record AgentProgress(VerifiedReport received, Map<String, Long> former) {
        static AgentProgress ofFirst(VerifiedReport verifiedReport) {
            return new AgentProgress(verifiedReport, Map.of());
        }

        AgentProgress followedBy(VerifiedReport next) {
            Report last = received.report();
            if (next.report().instance().equals(last.instance())) {
                return new AgentProgress(next, former);
            }
            Map<String, Long> all = new LinkedHashMap<>(former);
            all.remove(next.report().instance());
            all.put(last.instance(), last.sequence());
            if (all.size() > MAX_FORMER_INSTANCES) {
                all.remove(all.keySet().iterator().next());
            }
            return new AgentProgress(next, Collections.unmodifiableMap(all));
        }

        /**
         * Same process: the sequence rises. Another process: it started later than the one that is known. Clocks may be
         * wrong: where that one said that it starts in the future, any process that was not heard before takes its place,
         * and where it fell silent, any process at all.
         */
        boolean isOlderThan(VerifiedReport next) {
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
    public static final class ReportRejectedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        ReportRejectedException(int status, String reason) {
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
     * @param agent value of {@link ReportSignature#AGENT_HEADER}
     * @param timestamp value of {@link ReportSignature#TIMESTAMP_HEADER}
     * @param signature value of {@link ReportSignature#SIGNATURE_HEADER}
     * @return the report, complete when this was its last page; {@link VerifiedReport#isPartial} for any page before
     * @throws ReportRejectedException when it is not signed by that agent, not fresh, not newer than the last, or
     *     malformed
     */
    public VerifiedReport verify(
            @CheckForNull String agent,
            @CheckForNull String timestamp,
            @CheckForNull String signature,
            byte[] body,
            Instant now)
            throws ReportRejectedException {
        if (body.length > MAX_BODY) {
            throw new ReportRejectedException(413, "its body has " + body.length + " bytes");
        }
        int version = authenticate(agent, timestamp, signature, body, now);
        VerifiedReport verifiedReport =
                new VerifiedReport(agent, StalledObservation.markStalled(parse(body), now), now, version);
        return verifiedReport.isPartial() ? addPage(verifiedReport) : accept(verifiedReport);
    }

    private VerifiedReport accept(VerifiedReport verifiedReport) throws ReportRejectedException {
        AtomicReference<VerifiedReport> accepted = new AtomicReference<>();
        newest.compute(verifiedReport.agent(), (name, agentProgress) -> {
            if (agentProgress != null && !agentProgress.isOlderThan(verifiedReport)) {
                return agentProgress;
            }
            VerifiedReport next = agentProgress == null
                    ? verifiedReport
                    : verifiedReport.with(
                            OmittedApplications.keep(agentProgress.received().report(), verifiedReport.report()));
            accepted.set(next);
            return agentProgress == null ? AgentProgress.ofFirst(next) : agentProgress.followedBy(next);
        });
        if (accepted.get() == null) {
            throw notNewer(verifiedReport.report());
        }
        return accepted.get();
    }

    /** Pages come in order; after a gap the sender begins again. */
    private synchronized VerifiedReport addPage(VerifiedReport page) throws ReportRejectedException {
        Report report = page.report();
        PartialReport before = partial.get(page.agent());
        PartialReport after;
        if (report.effectivePage().index() == 1) {
            AgentProgress agentProgress = newest.get(page.agent());
            if (agentProgress != null && !agentProgress.isOlderThan(page) || before != null && before.isAfter(report)) {
                throw notNewer(report);
            }
            after = PartialReport.of(report);
        } else if (before != null && before.isContinuedBy(report)) {
            after = before.with(report);
        } else {
            throw new ReportRejectedException(
                    409, "page " + report.effectivePage().index() + " of a report does not follow the previous page");
        }
        if (!after.isComplete()) {
            partial.put(page.agent(), after);
            return page;
        }
        partial.remove(page.agent());
        return accept(page.with(after.assembled()));
    }

    private static ReportRejectedException notNewer(Report report) {
        return new ReportRejectedException(
                409,
                "it is not newer than the last one (sequence " + report.sequence() + ", process started at "
                        + TextSanitizer.line(report.startedAt(), 40) + ")");
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
            throws ReportRejectedException {
        Optional<String> secret = agent == null ? Optional.empty() : secrets.apply(agent);
        String key = secret.orElse(decoy);
        int version = ReportSignature.version(signature);
        boolean right = version == ReportSignature.VERSION
                ? ReportSignature.verify(key, ReportSignature.Context.report(agent, timestamp), body, signature)
                : ReportSignature.verify(key, timestamp, body, signature);
        if (secret.isEmpty()) {
            throw new ReportRejectedException(403, "no agent with that name is configured");
        }
        if (!right) {
            throw new ReportRejectedException(
                    403, "its signature is wrong; check that both sides have the same secret");
        }
        if (!ReportSignature.isFresh(timestamp, now)) {
            Duration apart = ReportSignature.clockSkew(timestamp, now);
            throw new ReportRejectedException(
                    403,
                    "its clock is " + (apart == null ? "unreadable" : Math.abs(apart.toSeconds()) + " s ")
                            + (apart == null ? "" : apart.isNegative() ? "behind" : "ahead")
                            + "; check the clocks of both sides");
        }
        return version;
    }

    /** Puts back what was stored before a restart, so that older reports stay refused. Keeps anything newer. */
    public void restore(VerifiedReport stored) {
        newest.merge(
                stored.agent(),
                AgentProgress.ofFirst(stored),
                (last, old) -> last.isOlderThan(stored) ? last.followedBy(stored) : last);
    }

    /** Forgets an agent that is no longer configured. */
    public void forget(String agent) {
        newest.remove(agent);
        partial.remove(agent);
    }

    /** The newest report of an agent. */
    public Optional<VerifiedReport> newest(String agent) {
        return Optional.ofNullable(newest.get(agent)).map(AgentProgress::received);
    }

    /** The newest report of every agent that reported. */
    public List<VerifiedReport> all() {
        return newest.values().stream().map(AgentProgress::received).toList();
    }

    /** Reads a report, for a store; the wire's own rules hold. */
    public static Report parse(byte[] body) throws ReportRejectedException {
        try {
            Report report = JSON.readValue(body, Report.class);
            if (report == null
                    || report.instance() == null
                    || report.intervalSeconds() < 1
                    || report.page() != null && !report.effectivePage().isValid()) {
                throw new ReportRejectedException(400, "not a report");
            }
            Instant.parse(Objects.toString(report.startedAt()));
            for (Report.ApplicationStatus application : report.applications()) {
                check(application);
            }
            return ReportSanitizer.sanitize(report);
        } catch (JacksonException | DateTimeParseException e) {
            throw new ReportRejectedException(400, "malformed: " + e.getClass().getSimpleName());
        } catch (IOException e) {
            throw new ReportRejectedException(400, "unreadable");
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

    private static void check(Report.ApplicationStatus application) throws ReportRejectedException {
        if (application == null
                || application.name() == null
                || application.repository() == null
                || application.path() == null
                || application.sync() == null
                || application.health() == null) {
            throw new ReportRejectedException(400, "an application lacks a field");
        }
        Instant.parse(Objects.toString(application.observedAt()));
        if (application.comparedAt() != null) {
            Instant.parse(application.comparedAt());
        }
        for (Report.ApplicationCondition condition : application.conditions()) {
            if (condition.type() == null) {
                throw new ReportRejectedException(400, "a condition lacks a field");
            }
            Instant.parse(Objects.toString(condition.at()));
        }
        check(application.operation());
    }

    private static void check(@CheckForNull Report.OperationState operationState) throws ReportRejectedException {
        if (operationState != null) {
            if (operationState.phase() == null || operationState.revision() == null) {
                throw new ReportRejectedException(400, "an operation lacks a field");
            }
            Instant.parse(Objects.toString(operationState.startedAt()));
            if (operationState.finishedAt() != null) {
                Instant.parse(operationState.finishedAt());
            }
        }
    }
}
