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
 * Verifies reports: their signature, time and order. Keeps the newest report of each agent. The caller provides the
 * bytes and the time, and stores what must outlive the process. Thread-safe.
 */
public final class ReportVerifier {
    /** A larger body is rejected before it is read. */
    public static final int MAX_BODY = 1 << 20;
    /** An agent is stale after it has missed this many of its own intervals... */
    private static final int MISSED_INTERVALS = 3;
    /** ...and for at least this long. */
    private static final Duration MIN_STALE_AFTER = Duration.ofSeconds(15);

    /** The maximum interval that is accepted; otherwise a missing agent might never become stale. */
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);
    /** The number of former processes to remember per agent. */
    private static final int MAX_FORMER_INSTANCES = 8;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Function<String, Optional<String>> secrets;
    /**
     * A secret that is never given to an agent. Reports of unknown agents are checked against it, so that the response
     * takes the same time.
     */
    private final String decoy = Hmac.randomSecret();

    private final Map<String, AgentProgress> newest = new ConcurrentHashMap<>();
    /** The received pages of incomplete reports, by agent. */
    private final Map<String, PartialReport> partial = new ConcurrentHashMap<>();

    /**
     * @param secrets returns the report secret of an agent by its name; empty for an unknown agent. Called for each
     *     report.
     */
    public ReportVerifier(Function<String, Optional<String>> secrets) {
        this.secrets = secrets;
    }

    /**
     * An accepted report.
     *
     * @param version the version of its signature; the response uses the same
     */
    public record VerifiedReport(String agent, Report report, Instant at, int version) {
        /** Whether it is one page of an incomplete report, which has no effect yet. */
        public boolean isPartial() {
            return report.page() != null;
        }

        /** Returns a copy with another report. */
        private VerifiedReport with(Report other) {
            return new VerifiedReport(agent, other, at, version);
        }

        /** Creates a report with the newest signature version. */
        public VerifiedReport(String agent, Report report, Instant at) {
            this(agent, report, at, ReportSignature.VERSION);
        }

        /** When the agent becomes stale unless it reports again. */
        public Instant staleAt() {
            Duration told = Duration.ofSeconds(report.intervalSeconds());
            Duration interval = told.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : told;
            Duration staleAfter = interval.multipliedBy(MISSED_INTERVALS);
            return at.plus(staleAfter.compareTo(MIN_STALE_AFTER) > 0 ? staleAfter : MIN_STALE_AFTER);
        }

        /**
         * Whether the agent has not reported for so long that its report no longer counts. Also true if the report
         * seems to have been received in the future: the clock was set back, and the age of the report is unknown.
         */
        public boolean isStale(Instant now) {
            return !now.isBefore(staleAt()) || now.isBefore(at.minus(MIN_STALE_AFTER));
        }

        /** Whether the process claimed to have started after its report was received, so that its clock was wrong. */
        private boolean startsInTheFuture() {
            return Instant.parse(report.startedAt()).isAfter(at);
        }
    }

    /**
     * The newest report of an agent, and the last sequences of its former processes, which may not report after it.
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
         * Whether the next report is newer. From the same process, its sequence must be higher; another process must
         * have started later than the known one. Since clocks may be wrong, there are two exceptions: if the known
         * process claimed a start in the future, any unknown process replaces it, and if it is stale, any process does.
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

    /**
     * Why a report was rejected: the status of the response, and a reason for the log that is not sent to the agent.
     */
    public static final class ReportRejectedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        ReportRejectedException(int status, String reason) {
            super(reason);
            this.status = status;
        }

        /**
         * The HTTP status: 403 if the sender cannot be authenticated, 409 if the report is not newer than the known
         * one, otherwise 400 or 413.
         */
        public int status() {
            return status;
        }
    }

    /**
     * Verifies a report and keeps it if it is the newest.
     *
     * @param agent value of {@link ReportSignature#AGENT_HEADER}
     * @param timestamp value of {@link ReportSignature#TIMESTAMP_HEADER}
     * @param signature value of {@link ReportSignature#SIGNATURE_HEADER}
     * @return the report; complete if this was its last page, {@link VerifiedReport#isPartial} for any page before
     * @throws ReportRejectedException if it is not signed by that agent, its time is outside the clock window, it is
     *     not newer than the last one, or it is malformed
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

    /** Pages arrive in order; after a gap the sender starts over. */
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
     * The response is the same for an unknown agent, a wrong signature and a wrong clock, so that it reveals nothing.
     * The log contains the reason.
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

    /** Restores a report that was stored before a restart, so that older reports remain rejected. Keeps a newer one. */
    public void restore(VerifiedReport stored) {
        newest.merge(
                stored.agent(),
                AgentProgress.ofFirst(stored),
                (last, old) -> last.isOlderThan(stored) ? last.followedBy(stored) : last);
    }

    /** Removes an agent that is no longer configured. */
    public void forget(String agent) {
        newest.remove(agent);
        partial.remove(agent);
    }

    /** The newest report of an agent. */
    public Optional<VerifiedReport> newest(String agent) {
        return Optional.ofNullable(newest.get(agent)).map(AgentProgress::received);
    }

    /** The newest report of each agent. */
    public List<VerifiedReport> all() {
        return newest.values().stream().map(AgentProgress::received).toList();
    }

    /** Parses a stored report, with the same rules as for a received one. */
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

    /** Formats a report or a response for the wire. */
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
