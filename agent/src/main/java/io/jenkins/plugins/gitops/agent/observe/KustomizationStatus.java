package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.flux.UnhealthyResources;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The status of one Kustomization in the format of the report: a function of the object, its source, its dependencies
 * and the workloads of its inventory. Flux determines what was applied. Health is assessed with the agent's own rules,
 * even if Flux does not check it, and is never better than Flux reports.
 */
public final class KustomizationStatus {
    /** A failed attempt counts as final only after retries for this long. */
    private static final Duration FAIL_AFTER = Duration.ofMinutes(2);

    /** Matches, for example, "Running health checks for revision main@sha1:... with a timeout of 2m0s". */
    private static final Pattern STAGE = Pattern.compile("(.+?) for revision \\S+(?: with a timeout of \\S+)?");

    private static final String HEALTH_CHECKS = "Running health checks";
    private static final String DEPENDENCY = "DependencyNotReady";
    private static final String HEALTH_CHECK = "HealthCheckFailed";
    private static final String BUILD = "BuildFailed";
    private static final String ARTIFACT = "ArtifactFailed";

    private final FluxObject object;
    private final FluxSource source;
    private final WorkloadInventory inventory;
    private final List<FluxObject> dependencies;
    private final Instant now;

    private KustomizationStatus(
            FluxObject object,
            FluxSource source,
            WorkloadInventory inventory,
            List<FluxObject> dependencies,
            Instant now) {
        this.object = object;
        this.source = source;
        this.inventory = inventory;
        this.dependencies = dependencies;
        this.now = now;
    }

    /** The state of a Kustomization. */
    private enum Phase {
        /** Its current spec is applied; also during a periodic reconciliation. */
        APPLIED,
        /** Applied, and Flux has not found it healthy, or not yet. */
        UNHEALTHY,
        /** A new revision or spec is being applied. */
        RUNNING,
        /** An attempt failed, and will be retried. */
        RETRYING,
        NOT_BUILT,
        /** Never reconciled. */
        NEW
    }

    /**
     * @param source null if it does not exist or cannot be read; then the repository is unknown, too
     * @param dependencies the existing objects of {@code dependsOn}
     * @param now the time of the observer's clock
     */
    public static ApplicationStatus of(
            FluxObject object,
            @CheckForNull FluxSource source,
            WorkloadInventory inventory,
            List<FluxObject> dependencies,
            Instant now) {
        return new KustomizationStatus(object, source, inventory, dependencies, now).status();
    }

    private Phase phase() {
        if (object.ready().isFalse()) {
            switch (object.ready().reason()) {
                case DEPENDENCY, ARTIFACT -> {
                    return object.applied() == null ? Phase.NEW : Phase.APPLIED;
                }
                case HEALTH_CHECK -> {
                    return Phase.UNHEALTHY;
                }
                case BUILD -> {
                    return Phase.NOT_BUILT;
                }
                default -> {
                    return Phase.RETRYING;
                }
            }
        }
        boolean never = attempted() == null || object.suspended() && object.attempted() == null;
        if (object.applied() == null && never) {
            return Phase.NEW;
        }
        return object.settled() && (object.current() || object.suspended()) ? Phase.APPLIED : Phase.RUNNING;
    }

    private ApplicationStatus status() {
        Phase phase = phase();
        boolean tried = phase != Phase.APPLIED && phase != Phase.NEW;
        List<ResourceStatus> unhealthy = unhealthy(phase);
        SyncState sync =
                switch (phase) {
                    case APPLIED, UNHEALTHY -> SyncState.SYNCED;
                    case RUNNING, RETRYING -> SyncState.OUT_OF_SYNC;
                    default -> SyncState.UNKNOWN;
                };
        return new ApplicationStatus(
                object.ref().object(),
                source == null ? "" : Objects.toString(source.url(), ""),
                object.path(),
                tried ? attempted() : object.applied(),
                phase == Phase.UNHEALTHY ? attempted() : object.applied(),
                sync.wireName(),
                health(phase, unhealthy).wireName(),
                operation(phase),
                inventory.images(),
                resources(phase, unhealthy),
                message(phase),
                observedAt().toString(),
                null,
                false,
                object.deleting(),
                conditions(phase),
                details(),
                AgentKind.FLUX.key());
    }

    @CheckForNull
    private String attempted() {
        return object.attempted() != null || source == null ? object.attempted() : source.revision();
    }

    private Health health(Phase phase, List<ResourceStatus> unhealthy) {
        Health worst = unhealthy.stream().map(r -> Health.of(r.health())).reduce(Health.HEALTHY, Health::worse);
        if (worst != Health.HEALTHY) {
            return worst;
        }
        boolean lastCheckFailed = phase == Phase.UNHEALTHY
                || object.isReconciling() && object.tries().status().equals(HEALTH_CHECK);
        if (lastCheckFailed) {
            return Health.PROGRESSING;
        }
        boolean checked = object.healthy().isTrue() || object.healthy().status().equals("Unknown");
        return inventory.unseen() == null || checked ? Health.HEALTHY : Health.UNKNOWN;
    }

    /**
     * Flux's list counts only for objects that this observer does not assess itself, since Flux checked them earlier.
     */
    private List<ResourceStatus> unhealthy(Phase phase) {
        List<ResourceStatus> found = new ArrayList<>(inventory.unhealthy());
        if (phase == Phase.UNHEALTHY) {
            Set<String> judged = inventory.assessedKinds();
            for (ResourceStatus named :
                    UnhealthyResources.unhealthy(object.ready().message())) {
                String key =
                        named.kind() + " " + (named.namespace() == null ? "" : named.namespace() + "/") + named.name();
                if (!judged.contains(key)) {
                    found.add(named);
                }
            }
        }
        return found;
    }

    private List<ResourceStatus> resources(Phase phase, List<ResourceStatus> unhealthy) {
        List<ResourceStatus> refused = phase == Phase.RETRYING
                ? UnhealthyResources.rejected(object.ready().message())
                : List.of();
        return Stream.concat(refused.stream(), unhealthy.stream())
                .limit(ApplicationStatus.MAX_RESOURCES)
                .toList();
    }

    @CheckForNull
    private OperationState operation(Phase phase) {
        FluxObject.AttemptHistory attemptHistory = object.tries();
        String revision = phase == Phase.APPLIED ? object.applied() : attempted();
        if (revision == null || phase == Phase.NEW || phase == Phase.NOT_BUILT) {
            return null;
        }
        Instant since = Objects.requireNonNullElse(object.ready().since(), now);
        Instant first = Objects.requireNonNullElse(attemptHistory.first(), since);
        return switch (phase) {
            case APPLIED, UNHEALTHY ->
                // Unchanged while the revision is applied, so that a periodic reconciliation is not an update.
                new OperationState(
                        OperationPhase.SUCCEEDED.wireName(), revision, first.toString(), first.toString(), 0, null);
            case RUNNING -> {
                Instant started =
                        Objects.requireNonNullElse(object.reconciling().since(), since);
                String what = object.reconciling().isTrue()
                        ? stage(object.reconciling().message())
                        : object.current() ? null : "its spec was changed and has not been observed yet";
                yield new OperationState(
                        OperationPhase.RUNNING.wireName(), revision, started.toString(), null, 0, what);
            }
            default -> retrying(revision, first, since);
        };
    }

    /**
     * The current stage, without the revision, which the operation has anyway. Stages before health checks are omitted:
     * they take only a moment, and reporting them would fill the log of a wait for every commit of others.
     */
    @CheckForNull
    private static String stage(String message) {
        Matcher stage = STAGE.matcher(message);
        if (!stage.matches()) {
            return message;
        }
        return stage.group(1).equals(HEALTH_CHECKS) ? HEALTH_CHECKS : null;
    }

    /** The operation has failed only after several attempts over a minimum time; until then, it is running. */
    private OperationState retrying(String revision, Instant first, Instant since) {
        FluxObject.AttemptHistory attemptHistory = object.tries();
        boolean known =
                attemptHistory.status().equals(object.ready().reason()) && revision.equals(attemptHistory.revision());
        int retries = known ? Math.max(0, attemptHistory.count() - 1) : 0;
        Instant begun = known ? first : since;
        boolean over = retries > 0 && !now.isBefore(begun.plus(FAIL_AFTER));
        return new OperationState(
                (over ? OperationPhase.FAILED : OperationPhase.RUNNING).wireName(),
                revision,
                begun.toString(),
                since.toString(),
                retries,
                UnhealthyResources.rejected(object.ready().message()).isEmpty()
                        ? object.ready().message()
                        : null);
    }

    @CheckForNull
    private String message(Phase phase) {
        String said = object.ready().message();
        String text =
                switch (phase) {
                    case NEW -> said.isEmpty() ? "it has not been reconciled yet" : said;
                    case NOT_BUILT, UNHEALTHY -> said;
                    default -> inventory.unseen();
                };
        return text == null || text.isEmpty() ? null : text;
    }

    private List<ApplicationCondition> conditions(Phase phase) {
        if (phase != Phase.NOT_BUILT) {
            return List.of();
        }
        Instant since = Objects.requireNonNullElse(object.ready().since(), now);
        return List.of(
                new ApplicationCondition("ComparisonError", object.ready().message(), attempted(), since.toString()));
    }

    private Details details() {
        List<LiveOverride> overrides = new ArrayList<>(object.overrides());
        overrides.addAll(inventory.exclusions());
        if (source != null && source.ignores() != null) {
            overrides.add(new LiveOverride(
                    "spec.ignore of " + source.ref(), source.ignores().strip().replace('\n', ' ')));
        }
        return new Details(
                source == null ? null : source.branch(),
                FluxBlockReasons.of(object, source, dependencies),
                FluxStatusAge.outdated(object, now),
                inventory.running(),
                overrides.subList(0, Math.min(overrides.size(), Details.MAX_OVERRIDES)));
    }

    /** The times in an object lie before its reading, even if the clocks differ. */
    private Instant observedAt() {
        return Stream.of(
                        object.ready().since(),
                        object.reconciling().since(),
                        object.tries().first(),
                        object.tries().last())
                .filter(Objects::nonNull)
                .filter(moment -> moment.isAfter(now))
                .max(Instant::compareTo)
                .orElse(now);
    }
}
