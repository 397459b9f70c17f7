package io.jenkins.plugins.gitops.core.flux;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All events of one Flux. All collections are bounded. Thread-safe; reading never blocks.
 *
 * <p>Flux does not sign the time of sending. So an event must have happened recently, and a replayed one is recognized
 * by its digest for as long as it could be accepted. An event that is older than the known state changes nothing
 * anyway.
 */
public final class FluxEventLog {
    /** An event that is sent again after a failure is accepted for this long. */
    static final Duration WINDOW = Duration.ofHours(1);
    /** How far Flux's clock may be ahead. */
    static final Duration AHEAD = Duration.ofMinutes(5);
    /** Beyond this number, the objects without events for the longest time are removed. */
    static final int MAX_OBJECTS = 2000;

    private static final int MAX_SOURCES = 100;
    private static final int MAX_DIGESTS = 10_000;
    private static final int ACCEPTED = 202;
    private static final int MALFORMED = 400;
    private static final int STALE = 409;

    private final Map<String, FluxObjectStatus> objects = new ConcurrentHashMap<>();
    private final Map<String, String> sources = new TreeMap<>();
    /** Digests of accepted events, with the time when they can be removed; the oldest first. */
    private final Map<String, Instant> digests = new LinkedHashMap<>();

    private volatile Instant lastHeard;
    private volatile String unreadable;
    private volatile Instant refusedSince;

    /**
     * The result of a request.
     *
     * @param status HTTP status: 202, 400 if it is not an event, 409 if its time is outside the accepted window
     * @param changed the object whose status changed; null if none did
     * @param stored whether there is something to store
     */
    public record Accepted(int status, @CheckForNull String changed, boolean stored) {}

    /**
     * The state that outlives the process.
     *
     * @param lastHeard when the last event was received, ISO-8601; null if there was none
     * @param sources errors of sources, by {@code Kind/namespace/name}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoredLog(
            int version, @CheckForNull String lastHeard, List<FluxObjectStatus> objects, Map<String, String> sources) {
        /** The only version that is written and read. */
        public static final int VERSION = 1;

        public StoredLog {
            objects = objects == null ? List.of() : List.copyOf(objects);
            sources = sources == null ? Map.of() : Map.copyOf(sources);
        }
    }

    /** Processes a request whose signature is valid. */
    public synchronized Accepted accept(byte[] body, Instant now) {
        Optional<FluxEvent> parsed = FluxEvent.parse(body);
        if (parsed.isEmpty()) {
            return new Accepted(MALFORMED, null, false);
        }
        FluxEvent event = parsed.get();
        if (event.at().isBefore(now.minus(WINDOW)) || event.at().isAfter(now.plus(AHEAD))) {
            return new Accepted(STALE, null, false);
        }
        if (!isNew(body, now)) {
            return new Accepted(ACCEPTED, null, false);
        }
        lastHeard = now;
        refusedSince = null;
        String changed = event.appliesToCluster() ? delivery(event) : null;
        if (!event.appliesToCluster()) {
            source(event);
        }
        return new Accepted(ACCEPTED, changed, true);
    }

    private boolean isNew(byte[] body, Instant now) {
        digests.values().removeIf(until -> !until.isAfter(now));
        if (digests.putIfAbsent(Sha256.hex(body), now.plus(WINDOW).plus(AHEAD)) != null) {
            return false;
        }
        if (digests.size() > MAX_DIGESTS) {
            digests.remove(digests.keySet().iterator().next());
        }
        return true;
    }

    @CheckForNull
    private String delivery(FluxEvent event) {
        FluxObjectStatus before = objects.get(event.object());
        FluxObjectStatus after = FluxEventReducer.add(before, event);
        if (after == null || after.equals(before)) {
            return null;
        }
        objects.put(event.object(), after);
        if (objects.size() > MAX_OBJECTS) {
            objects.entrySet().stream()
                    .filter(e -> !e.getKey().equals(event.object()))
                    .min(Comparator.comparing(e -> e.getValue().time()))
                    .ifPresent(oldest -> objects.remove(oldest.getKey()));
        }
        return event.object();
    }

    private void source(FluxEvent event) {
        if (!event.error()) {
            sources.remove(event.object());
        } else if (sources.size() < MAX_SOURCES || sources.containsKey(event.object())) {
            sources.put(event.object(), event.message());
        }
        noteProblem();
    }

    /**
     * The status of the object that deploys a target; empty if none is known.
     *
     * @param by names this Flux and the object
     * @param repository URL of the target's repository
     * @param path the target's folder
     */
    public Optional<AgentSnapshot> snapshot(AgentReference by, String repository, String path, Instant now) {
        String object = by.object();
        FluxObjectStatus state = object == null ? null : objects.get(object);
        if (state == null) {
            return Optional.empty();
        }
        String blocked = FluxSilenceReasons.reason(state, problem(), lastHeard, now);
        ApplicationStatus status = state.statusOf(repository, path, by.healthChecked(), blocked, now);
        String gone = state.isDeleted()
                ? status.name() + " was deleted at " + state.at() + " (" + status.message()
                        + "); it deploys nothing until it is recreated"
                : null;
        return Optional.of(
                new AgentSnapshot(AgentKind.FLUX, by.agent(), state.time(), false, gone, gone != null, status));
    }

    /** The status of an object; empty if none is known. */
    public Optional<FluxObjectStatus> object(String object) {
        return Optional.ofNullable(objects.get(object));
    }

    public Collection<FluxObjectStatus> objects() {
        return List.copyOf(objects.values());
    }

    /** When the last event was received; null if there was none. */
    @CheckForNull
    public Instant lastHeard() {
        return lastHeard;
    }

    /** Records that a request was rejected because it was not signed with the secret of this Flux. */
    public synchronized void rejected(Instant now) {
        if (refusedSince == null) {
            refusedSince = now;
        }
    }

    /**
     * The problem of this Flux, one line: all its events are rejected, or one of its sources cannot be read, with
     * Flux's message. Null if no problem is known.
     */
    @CheckForNull
    public String problem() {
        Instant since = refusedSince;
        return since == null
                ? unreadable
                : "events are refused with 403 since " + since.truncatedTo(ChronoUnit.SECONDS)
                        + ": the secret of the Provider differs from the one in Jenkins";
    }

    private void noteProblem() {
        unreadable = sources.entrySet().stream()
                .findFirst()
                .map(e -> e.getKey() + " cannot be read: " + e.getValue().strip()
                        + " (Flux does not report which objects use that source)")
                .orElse(null);
    }

    public synchronized StoredLog stored() {
        return new StoredLog(
                StoredLog.VERSION,
                lastHeard == null ? null : lastHeard.toString(),
                List.copyOf(objects.values()),
                sources);
    }

    /**
     * Restores the stored state, except where a newer one is known.
     *
     * @throws java.time.DateTimeException if a time in it is malformed
     */
    public synchronized void restore(StoredLog storedLog) {
        Instant heard = storedLog.lastHeard() == null ? null : Instant.parse(storedLog.lastHeard());
        for (FluxObjectStatus state : storedLog.objects()) {
            if (state.complete() && objects.size() < MAX_OBJECTS) {
                objects.merge(
                        state.status().name(),
                        state,
                        (known, old) -> known.time().isBefore(old.time()) ? old : known);
            }
        }
        storedLog.sources().forEach(sources::putIfAbsent);
        noteProblem();
        if (lastHeard == null) {
            lastHeard = heard;
        }
    }
}
