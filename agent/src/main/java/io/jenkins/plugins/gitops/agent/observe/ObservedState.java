package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.LiveObject;
import io.jenkins.plugins.gitops.agent.health.HealthStatus;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The observed state of the cluster, and the statuses derived from it. The statuses affected by an event are updated at
 * once, so that only changes are reported. Thread-safe.
 */
final class ObservedState {
    private final WorkloadVisibility visibility;
    private final Runnable changed;
    private final Clock clock;
    private final UnaryOperator<LiveObject> digests;
    private final DeletedObjects deleted = new DeletedObjects();
    /** The last published statuses, without what changes with time alone. */
    private final Map<String, List<ApplicationStatus>> published = new ConcurrentHashMap<>();

    final ObjectCache<FluxRef, FluxObject> objects = new ObjectCache<>(
            (kind, object) -> FluxObject.of(object),
            FluxObject::ref,
            o -> o.ref().namespace(),
            this::objectChanged);
    final ObjectCache<FluxRef, FluxSource> sources = new ObjectCache<>(
            (kind, object) -> FluxSource.of(object),
            FluxSource::ref,
            s -> s.ref().namespace(),
            this::sourceChanged);
    /** Excludes objects with an owner, which follow their owner and are in no inventory. */
    final ObjectCache<WorkloadKey, ObservedWorkload> workloads = new ObjectCache<>(
            (kind, object) -> {
                ObservedWorkload workload = ObservedWorkload.of(kind, object);
                return workload.live().owned() ? null : workload;
            },
            ObservedWorkload::key,
            w -> w.key().namespace(),
            this::workloadChanged);

    final ObjectCache<String, ObservedApplication> applications;

    /** @param changed called when a status has changed */
    ObservedState(WorkloadVisibility visibility, Runnable changed, Clock clock) {
        this(visibility, changed, clock, live -> live);
    }

    /**
     * @param changed called when a status is another one
     * @param digests adds the digests that a workload's pods run
     */
    ObservedState(WorkloadVisibility visibility, Runnable changed, Clock clock, UnaryOperator<LiveObject> digests) {
        this.visibility = visibility;
        this.changed = changed;
        this.clock = clock;
        this.digests = digests;
        this.applications = new ObjectCache<>(
                (kind, object) -> ObservedApplication.read(object, clock.instant()),
                application -> application.state().key(),
                ObservedApplication::namespace,
                this::applicationChanged);
    }

    private void objectChanged(@CheckForNull FluxObject before, @CheckForNull FluxObject after) {
        FluxObject object = after == null ? before : after;
        if (!object.ref().kind().equals(ObservedKinds.KUSTOMIZATION.kind())) {
            refresh(kustomizations().stream()
                    .filter(k -> k.inventory().stream().anyMatch(key -> isRelease(key, object.ref())))
                    .toList());
            return;
        }
        if (after == null) {
            deleted.add(before, sources.get(before.source()), clock.instant());
            published.remove(before.ref().object());
            changed.run();
        } else {
            deleted.remove(after.ref());
            require(after.inventory());
            refresh(List.of(after));
        }
        refresh(kustomizations().stream()
                .filter(k -> k.dependsOn().contains(object.ref()))
                .toList());
    }

    private static boolean isRelease(WorkloadKey key, FluxRef release) {
        return key.isHelmRelease()
                && key.namespace().equals(release.namespace())
                && key.name().equals(release.name());
    }

    private void require(List<WorkloadKey> inventory) {
        for (WorkloadKey key : inventory) {
            if (key.isHelmRelease()) {
                ObservedKinds.RELEASED.forEach(visibility::require);
            } else {
                visibility.require(key.groupKind());
            }
        }
    }

    private void sourceChanged(@CheckForNull FluxSource before, @CheckForNull FluxSource after) {
        FluxRef ref = after == null ? before.ref() : after.ref();
        refresh(kustomizations().stream().filter(k -> k.source().equals(ref)).toList());
    }

    private void workloadChanged(@CheckForNull ObservedWorkload before, @CheckForNull ObservedWorkload after) {
        if (before != null
                && after != null
                && before.live().assessment().equals(after.live().assessment())) {
            // The reason was already read from the pods; according to this event, the health has not changed since.
            ObservedWorkload explained = after.withReason(before.assessment());
            workloads.refine(after, explained);
            after = explained;
        }
        if (before != null && after != null && before.isEquivalentTo(after)) {
            return;
        }
        WorkloadKey key = after == null ? before.key() : after.key();
        FluxRef release = after == null ? before.release() : after.release();
        refresh(kustomizations().stream()
                .filter(k -> k.inventory().contains(key)
                        || release != null && k.inventory().stream().anyMatch(i -> isRelease(i, release)))
                .toList());
        refreshOne(applications.all().stream()
                .filter(a -> a.here() && a.workloads().contains(key))
                .toList());
    }

    private void applicationChanged(@CheckForNull ObservedApplication before, @CheckForNull ObservedApplication after) {
        if (after == null) {
            published.remove(before.state().key());
            changed.run();
            return;
        }
        boolean stillAsked = before != null && before.refreshSince() != null && after.refreshSince() != null;
        ObservedApplication seen = stillAsked ? after.since(before.refreshSince()) : after;
        if (stillAsked) {
            applications.refine(after, seen);
        }
        if (seen.here()) {
            seen.workloads().forEach(key -> visibility.require(key.groupKind()));
        }
        refreshOne(List.of(seen));
    }

    /**
     * Sets the health of a workload with the reason found in its pods. Ignored if the health of the workload has
     * changed meanwhile, since a late response is outdated.
     *
     * @param asked the workload when its pods were requested
     */
    void explain(ObservedWorkload asked, HealthStatus better) {
        ObservedWorkload known = workloads.get(asked.key());
        if (known == null
                || known.assessment().equals(better)
                || !known.live().assessment().equals(asked.live().assessment())) {
            return;
        }
        ObservedWorkload explained = known.withReason(better);
        if (workloads.refine(known, explained)) {
            workloadChanged(null, explained);
        }
    }

    /** Updates the statuses of a workload whose pods run other digests than known before. */
    void digestsChanged(LiveObject live) {
        ObservedWorkload known = workloads.get(WorkloadKey.of(live.id()));
        if (known != null) {
            workloadChanged(null, known);
        }
    }

    private List<FluxObject> kustomizations() {
        return objects.all().stream()
                .filter(o -> o.ref().kind().equals(ObservedKinds.KUSTOMIZATION.kind()))
                .toList();
    }

    private void refresh(Collection<FluxObject> affected) {
        Instant now = clock.instant();
        affected.forEach(object -> publish(object.ref().object(), List.of(status(object, now))));
    }

    private void refreshOne(Collection<ObservedApplication> affected) {
        Instant now = clock.instant();
        affected.forEach(application -> publish(application.state().key(), statuses(application, now)));
    }

    private void publish(String key, List<ApplicationStatus> statuses) {
        List<ApplicationStatus> plain =
                statuses.stream().map(ApplicationStatus::withoutTimestamps).toList();
        if (!plain.equals(published.put(key, plain))) {
            changed.run();
        }
    }

    /** All current statuses, by name. Statuses with an unknown repository belong to no target and are omitted. */
    List<ApplicationStatus> statuses() {
        Instant now = clock.instant();
        List<ApplicationStatus> all = new ArrayList<>();
        kustomizations().forEach(k -> all.add(status(k, now)));
        applications.all().forEach(a -> all.addAll(statuses(a, now)));
        deleted.statuses(now).stream()
                .filter(gone -> all.stream().noneMatch(status -> isSameFolder(status, gone)))
                .toList()
                .forEach(all::add);
        all.removeIf(status -> status.repository().isEmpty());
        all.sort(Comparator.comparing(ApplicationStatus::name).thenComparing(ApplicationStatus::path));
        return all;
    }

    /** Whether another object deploys the same folder, such as after a rename, so that the deleted one is obsolete. */
    private static boolean isSameFolder(ApplicationStatus one, ApplicationStatus other) {
        return one.repository().equals(other.repository()) && one.path().equals(other.path());
    }

    private ApplicationStatus status(FluxObject object, Instant now) {
        List<FluxObject> dependencies = object.dependsOn().stream()
                .map(objects::get)
                .filter(Objects::nonNull)
                .toList();
        return KustomizationStatus.of(
                object, sources.get(object.source()), inventory(object.inventory()), dependencies, now);
    }

    private List<ApplicationStatus> statuses(ObservedApplication application, Instant now) {
        WorkloadInventory inventory = application.here() ? inventory(application.workloads()) : null;
        return ArgoCdStatuses.of(application, inventory, now);
    }

    /** The observed state of the applied workloads. */
    private WorkloadInventory inventory(List<WorkloadKey> applied) {
        List<ObservedWorkload> found = new ArrayList<>();
        List<WorkloadKey> missing = new ArrayList<>();
        List<FluxObject> releases = new ArrayList<>();
        String unseen = null;
        for (WorkloadKey key : applied) {
            String problem = visibility.problem(key.groupKind(), key.namespace());
            ObservedWorkload workload = workloads.get(key);
            FluxObject release = objects.get(new FluxRef(key.kind(), key.namespace(), key.name()));
            if (problem != null) {
                unseen = problem;
            } else if (key.isHelmRelease() && release != null) {
                releases.add(release);
            } else if (workload != null) {
                found.add(withDigests(workload));
            } else {
                missing.add(key);
            }
        }
        for (FluxObject release : releases) {
            workloads.all().stream()
                    .filter(w -> release.ref().equals(w.release()))
                    .forEach(w -> found.add(withDigests(w)));
            for (String kind : ObservedKinds.RELEASED) {
                String problem = visibility.problem(kind, release.ref().namespace());
                unseen = problem == null ? unseen : problem;
            }
        }
        return new WorkloadInventory(found, missing, releases, unseen);
    }

    private ObservedWorkload withDigests(ObservedWorkload workload) {
        return workload.withLive(digests.apply(workload.live()));
    }
}
