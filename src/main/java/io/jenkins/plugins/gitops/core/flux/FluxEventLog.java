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
 * All that one Flux has told. Bounded in every respect. Safe for use by many threads; questions never wait.
 *
 * <p>Flux signs no time of sending. So an event has to have happened a short while ago, and one that was taken before is
 * known again by its digest for as long as it could be sent again; apart from that an older event changes nothing.
 */
public final class FluxEventLog {
    /** What is sent again after a failure is still taken for this long. */
    static final Duration WINDOW = Duration.ofHours(1);
    /** How far Flux's clock may be ahead. */
    static final Duration AHEAD = Duration.ofMinutes(5);
    /** Of more objects than this those are forgotten that have been silent for longest. */
    static final int MAX_OBJECTS = 2000;

    private static final int MAX_SOURCES = 100;
    private static final int MAX_DIGESTS = 10_000;
    private static final int ACCEPTED = 202;
    private static final int MALFORMED = 400;
    private static final int STALE = 409;

    private final Map<String, FluxObjectStatus> objects = new ConcurrentHashMap<>();
    private final Map<String, String> sources = new TreeMap<>();
    /** Digests of what was taken, by the time when they can be forgotten; the oldest first. */
    private final Map<String, Instant> digests = new LinkedHashMap<>();

    private volatile Instant lastHeard;
    private volatile String unreadable;
    private volatile Instant refusedSince;

    /**
     * What became of a request.
     *
     * @param status HTTP status: 202, 400 for what is no event, 409 for one of another time
     * @param changed the object of which something new is known; null when nothing is
     * @param stored whether there is something to store
     */
    public record Accepted(int status, @CheckForNull String changed, boolean stored) {}

    /**
     * What outlives the process.
     *
     * @param lastHeard when an event came in last, ISO-8601; null when never
     * @param sources what is wrong with sources, by {@code Kind/namespace/name}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoredLog(
            int version, @CheckForNull String lastHeard, List<FluxObjectStatus> objects, Map<String, String> sources) {
        /** The one version that is written and read. */
        public static final int VERSION = 1;

        public StoredLog {
            objects = objects == null ? List.of() : List.copyOf(objects);
            sources = sources == null ? Map.of() : Map.copyOf(sources);
        }
    }

    /** Takes in a request whose signature was checked. */
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
     * What is known of the object that deploys a target; empty when nothing is.
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

    /** What is known of an object; empty when nothing is. */
    public Optional<FluxObjectStatus> object(String object) {
        return Optional.ofNullable(objects.get(object));
    }

    public Collection<FluxObjectStatus> objects() {
        return List.copyOf(objects.values());
    }

    /** When an event came in last; null when never. */
    @CheckForNull
    public Instant lastHeard() {
        return lastHeard;
    }

    /** Notes that a request was refused since it was not signed with the secret of this Flux. */
    public synchronized void rejected(Instant now) {
        if (refusedSince == null) {
            refusedSince = now;
        }
    }

    /**
     * What is wrong with this Flux, one line: that all its events are refused, or that one of its sources cannot be read, in
     * Flux's words. Null when nothing is known to be.
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
     * Puts back what was stored, where nothing newer is known.
     *
     * @throws java.time.DateTimeException when a time in it is none
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
