package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The objects of all the agent's applications in Git, each at the newest revision at which it was rendered.
 * Distinguishes an object that moved from one application to another, or whose application was renamed, from one that
 * was removed from Git.
 *
 * <p>Revisions have sequence numbers, which increase in the order in which they were fetched. An application may affect
 * an object of another one only if that is correct at the revision that it is compared at, or a newer one: until the
 * other was rendered at such a revision, nothing is decided. Thread-safe.
 */
public final class DesiredInventory {
    private static final InventoryEntry NOT_RENDERED = new InventoryEntry(-1, null, null);

    /** The relation of an application in Git to an object. */
    enum ObjectMembership {
        /** The application is not in Git. */
        APPLICATION_GONE,
        /** The application has not been rendered at the revision yet. */
        PENDING,
        /** The application cannot be rendered. */
        UNKNOWN,
        DECLARED,
        NOT_DECLARED
    }

    /**
     * The relation of all other applications to an object.
     *
     * @param applications those that have it, or the one that may have it
     */
    record OtherApplications(ObjectMembership membership, List<String> applications) {}

    /**
     * The last known state of one application.
     *
     * @param state the last rendered state; null if it never was rendered
     * @param canContain null unless it cannot be rendered at this revision
     */
    private record InventoryEntry(
            long sequence,
            @CheckForNull DesiredState state,
            @CheckForNull Predicate<ObjectId> canContain) {}

    private final Map<String, InventoryEntry> entries = new HashMap<>();
    /** Names of applications by group, kind and name of their objects. */
    private final Map<String, Set<String>> applicationsByObject = new HashMap<>();

    private final Set<String> failed = new HashSet<>();
    /** The number of applications at each sequence number. */
    private final TreeMap<Long, Integer> sequences = new TreeMap<>();

    /** Called when a revision was fetched, with the applications that it contains. */
    public synchronized void expect(Set<String> applications) {
        Set<String> gone = new HashSet<>(entries.keySet());
        gone.removeAll(applications);
        gone.forEach(name -> replace(name, null));
        applications.stream().filter(name -> !entries.containsKey(name)).forEach(name -> replace(name, NOT_RENDERED));
    }

    /** Called when an application was rendered at a revision. */
    public synchronized void rendered(long sequence, DesiredState state) {
        put(state.application(), new InventoryEntry(sequence, state, null));
    }

    /**
     * Called when an application cannot be rendered at a revision.
     *
     * @param mayHold whether it may have an object nevertheless; called by other threads
     */
    public synchronized void failed(long sequence, String application, Predicate<ObjectId> mayHold) {
        InventoryEntry before = entries.get(application);
        if (before != null && before.sequence() == sequence && before.canContain() != null) {
            return; // For the same revision, the existing predicate gives the same results and caches what it has read.
        }
        put(application, new InventoryEntry(sequence, before == null ? null : before.state(), mayHold));
    }

    /** Ignores an application that was removed from Git meanwhile. */
    private void put(String application, InventoryEntry entry) {
        if (entries.containsKey(application)) {
            replace(application, entry);
        }
    }

    private void replace(String application, @CheckForNull InventoryEntry entry) {
        InventoryEntry before = entry == null ? entries.remove(application) : entries.put(application, entry);
        DesiredState was = before == null ? null : before.state();
        DesiredState now = entry == null ? null : entry.state();
        if (was != now) {
            slots(was)
                    .forEach(slot ->
                            applicationsByObject.computeIfPresent(slot, (key, names) -> without(names, application)));
            slots(now).forEach(slot -> applicationsByObject
                    .computeIfAbsent(slot, key -> new HashSet<>())
                    .add(application));
        }
        if (before != null) {
            sequences.merge(before.sequence(), -1, (one, other) -> one + other == 0 ? null : one + other);
        }
        if (entry != null) {
            sequences.merge(entry.sequence(), 1, Integer::sum);
        }
        if (entry != null && entry.canContain() != null) {
            failed.add(application);
        } else {
            failed.remove(application);
        }
    }

    @CheckForNull
    private static Set<String> without(Set<String> names, String name) {
        names.remove(name);
        return names.isEmpty() ? null : names;
    }

    private static List<String> slots(@CheckForNull DesiredState state) {
        return state == null
                ? List.of()
                : state.objects().stream()
                        .map(o -> slot(o.group(), o.kindName(), o.name()))
                        .toList();
    }

    private static String slot(String group, String kind, String name) {
        return group + "/" + kind + "/" + name;
    }

    /**
     * The relation of an application to an object, for the comparison of another application.
     *
     * @param comparing the application that is compared
     */
    synchronized ObjectMembership membership(String application, ObjectId id, String comparing) {
        InventoryEntry entry = entries.get(application);
        if (entry == null) {
            return ObjectMembership.APPLICATION_GONE;
        }
        if (entry.sequence() < since(comparing)) {
            return ObjectMembership.PENDING;
        }
        if (entry.canContain() != null || entry.state() == null) {
            return ObjectMembership.UNKNOWN;
        }
        return entry.state().contains(id) ? ObjectMembership.DECLARED : ObjectMembership.NOT_DECLARED;
    }

    /**
     * The relation of all other applications to an object.
     *
     * @param comparing the application that is compared, which is excluded
     */
    OtherApplications others(ObjectId id, String comparing) {
        List<String> held = new ArrayList<>();
        Map<String, InventoryEntry> unclear = new TreeMap<>();
        boolean pending;
        synchronized (this) {
            long since = since(comparing);
            for (String name : applicationsByObject.getOrDefault(
                    slot(id.kind().group(), id.kind().kind(), id.name()), Set.of())) {
                InventoryEntry entry = entries.get(name);
                boolean holds = !name.equals(comparing)
                        && entry.sequence() >= since
                        && entry.state().contains(id);
                if (holds && entry.canContain() == null) {
                    held.add(name);
                }
            }
            failed.stream()
                    .filter(name -> !name.equals(comparing))
                    .forEach(name -> unclear.put(name, entries.get(name)));
            pending = !sequences.isEmpty() && sequences.firstKey() < since;
        }
        if (!held.isEmpty()) {
            return new OtherApplications(
                    ObjectMembership.DECLARED, held.stream().sorted().toList());
        }
        if (pending) {
            return new OtherApplications(ObjectMembership.PENDING, List.of());
        }
        // Outside the lock, since it may read files.
        return unclear.entrySet().stream()
                .filter(one -> canContain(one.getValue(), id))
                .findFirst()
                .map(one -> new OtherApplications(ObjectMembership.UNKNOWN, List.of(one.getKey())))
                .orElse(new OtherApplications(ObjectMembership.NOT_DECLARED, List.of()));
    }

    private static boolean canContain(InventoryEntry entry, ObjectId id) {
        return entry.state() != null && entry.state().contains(id)
                || entry.canContain() != null && entry.canContain().test(id);
    }

    /** Names of the other applications that contain an object according to their last rendering, sorted. */
    synchronized List<String> sharing(ObjectId id, String application) {
        return applicationsByObject
                .getOrDefault(slot(id.kind().group(), id.kind().kind(), id.name()), Set.of())
                .stream()
                .filter(name -> !name.equals(application))
                .filter(name -> entries.get(name).state().contains(id))
                .sorted()
                .toList();
    }

    private long since(String comparing) {
        InventoryEntry entry = entries.get(comparing);
        return entry == null ? Long.MIN_VALUE : entry.sequence();
    }
}
