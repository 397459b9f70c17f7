package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifestReader;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.Cluster;
import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.SecretMask;
import io.jenkins.plugins.gitops.agent.cluster.SyncPreview;
import io.jenkins.plugins.gitops.agent.cluster.SyncResult;
import io.jenkins.plugins.gitops.agent.reconcile.SyncDecision.Action;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps one application in sync with Git. One reconciliation at a time; its status may be read at any time. */
final class ApplicationReconciler {
    /** The time between two checks whether the other applications were rendered. */
    static final Duration UNDECIDED = Duration.ofMillis(250);

    /** A rendering that takes less time is not reported. */
    private static final Duration RENDERING = Duration.ofSeconds(3);

    private static final Logger LOGGER = Logger.getLogger(ApplicationReconciler.class.getName());
    private static final String SKIPPED = "the application is not reconciled until its annotation "
            + ApplicationManifestReader.SKIP_RECONCILE + " is removed";

    private final Cluster cluster;
    private final InventoryRendering rendering;
    private final StatusWriter writer;
    private final Consumer<ApplicationStatus> published;
    private final Clock clock;
    private final IdentityGuard identity;
    private final PrunePlanner prunes;
    private final ErrorConditionTracker errorConditions = new ErrorConditionTracker();
    private final WarningConditions warningConditions = new WarningConditions();
    private volatile SyncOperation operation;
    private String syncedRevision;
    private Map<String, String> failures = Map.of();
    /** The desired state of the current reconciliation; null before it is rendered. */
    private DesiredState rendered;
    /** Null while no rendering is pending. */
    private Instant renderingSince;

    private volatile ReconcileTask task;
    private volatile ApplicationStatus status;
    private volatile boolean requested;
    /** Whether the API server was unreachable since the last sync attempt. */
    private boolean disconnected;

    /** @param published receives each status that differs from the previous one */
    ApplicationReconciler(
            ApplicationManifest source,
            RevisionTree revisionTree,
            Cluster cluster,
            IdentityGuard identity,
            CachedRendering rendering,
            PrunePlanner prunes,
            StatusWriter writer,
            Consumer<ApplicationStatus> published,
            Clock clock) {
        this.task = new ReconcileTask(source, revisionTree);
        this.cluster = cluster;
        this.identity = identity;
        this.rendering = new InventoryRendering(rendering, cluster.inventory());
        this.prunes = prunes;
        this.writer = writer;
        this.published = published;
        this.clock = clock;
    }

    /** The manifest to deploy, and its revision. */
    private record ReconcileTask(ApplicationManifest source, RevisionTree tip) {}

    /** Sets the manifest of a new revision. */
    void update(ApplicationManifest source, RevisionTree revisionTree) {
        task = new ReconcileTask(source, revisionTree);
    }

    /**
     * Requests a sync on behalf of a person, for the next reconciliation.
     *
     * @param known the last operation that the requester knows of
     * @param prune the revision whose deletions are requested; null for none
     * @return false if another operation has started since, and nothing is left to do
     */
    boolean request(@CheckForNull Report.OperationState known, @CheckForNull String prune) {
        SyncOperation last = operation;
        boolean news = known == null
                ? last == null
                : last != null && last.startedAt().toString().equals(known.startedAt());
        if (news) {
            requested = true;
        }
        if (prune != null) {
            prunes.request(prune);
        }
        return news || prune != null;
    }

    /** The status from the last reconciliation; null before the first one. */
    @CheckForNull
    ApplicationStatus status() {
        ApplicationStatus last = status;
        return last == null || !requested ? last : last.withSyncRequest();
    }

    /**
     * Reconciles once.
     *
     * @param gitProblem why no newer revision is known; null if Git could be read
     * @return the time until the next reconciliation is required; zero if none is scheduled
     */
    Duration reconcile(@CheckForNull String gitProblem) {
        ReconcileTask current = task;
        ApplicationManifest now = current.source();
        RevisionTree revisionTree = current.tip();
        ApplicationSpec spec = now.spec();
        if (identity.problem() != null) {
            return unknown(now, identity.problem(), List.of());
        }
        if (now.skipped()) {
            return skipped(now, revisionTree);
        }
        if (spec == null) {
            rendering.refused(revisionTree, now);
            String why = now.problem() == null ? "the manifest cannot be read" : now.problem();
            return unknown(now, why, errorConditions.invalidSpec(why, revisionTree.revision(), clock.instant()));
        }
        try {
            return reconcile(now, spec, revisionTree, gitProblem);
        } catch (UserErrorException e) {
            return unknown(
                    now,
                    e.getMessage(),
                    errorConditions.notRendered(e.getMessage(), revisionTree.revision(), clock.instant()));
        } catch (ClusterException e) {
            disconnected |= e.isOutage();
            String message = rendered == null ? e.getMessage() : mask().mask(e.getMessage());
            List<ApplicationCondition> conditions =
                    e.isOutage() ? List.of() : errorConditions.notCompared(message, clock.instant());
            return unknown(now, message, conditions);
        } catch (IOException e) {
            return unknown(now, "the clone of the repository cannot be read: " + e.getMessage(), List.of());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // A failure of one application must not affect the others.
            UnexpectedFailure failure = UnexpectedFailure.of(e, mask());
            Level level = errorConditions.isKnown(failure.summary()) ? Level.FINE : Level.WARNING;
            LOGGER.log(level, "A pass over " + now.name() + " failed", failure);
            return unknown(now, failure.summary(), errorConditions.notCompared(failure.summary(), clock.instant()));
        }
    }

    private Duration reconcile(
            ApplicationManifest now, ApplicationSpec spec, RevisionTree revisionTree, @CheckForNull String gitProblem)
            throws UserErrorException, ClusterException, IOException {
        rendered = rendering.get(revisionTree, now, spec).orElse(null);
        if (rendered == null) {
            return awaitRendering(now);
        }
        renderingSince = null;
        DesiredState desired = rendered;
        Comparison comparison = cluster.compare(desired);
        if (comparison.isApplyUndecided()) {
            String why = "waits until all applications are rendered";
            publish(statusOf(now, revisionTree, desired, comparison, PrunePlan.NOTHING, gitProblem, why));
            return UNDECIDED;
        }
        PrunePlan prune = prunes.plan(now, spec, revisionTree, comparison, clock.instant());
        SyncDecision decision =
                SyncDecision.decide(inputs(revisionTree, spec, desired, comparison, prune), spec, clock.instant());
        boolean previews = !cluster.mayWrite() && (decision.acts() || comparison.requiresApply());
        String foreign = decision.acts() || previews ? identity.checkCluster() : null;
        if (foreign != null) {
            return unknown(now, foreign, List.of());
        }
        return previews
                ? preview(decision, now, revisionTree, desired, comparison, prune, gitProblem)
                : carryOut(decision, now, revisionTree, desired, comparison, prune, gitProblem);
    }

    /** Reports what a sync would do, and why none would start automatically. */
    private Duration preview(
            SyncDecision decision,
            ApplicationManifest now,
            RevisionTree revisionTree,
            DesiredState desired,
            Comparison comparison,
            PrunePlan prune,
            @CheckForNull String gitProblem)
            throws ClusterException {
        SyncPreview preview = cluster.preview(desired, comparison, now.spec(), prune.allowed());
        requested = false;
        if (!comparison.requiresApply()) {
            syncedRevision = revisionTree.revision();
        }
        String why = decision.why() == null ? preview.summary() : decision.why() + "; a sync " + preview.summary();
        publish(statusOf(now, revisionTree, desired, preview.comparison(), prune, gitProblem, why));
        return prune.isUndecided() ? UNDECIDED : Duration.ZERO;
    }

    private Duration carryOut(
            SyncDecision decision,
            ApplicationManifest now,
            RevisionTree revisionTree,
            DesiredState desired,
            Comparison compared,
            PrunePlan planned,
            @CheckForNull String gitProblem)
            throws ClusterException, IOException {
        ApplicationSpec spec = now.spec();
        Comparison comparison = compared;
        PrunePlan prune = planned;
        boolean acts = decision.acts();
        if (acts) {
            comparison = begin(decision.action(), revisionTree, desired, comparison);
            prune = prunes.plan(now, spec, revisionTree, comparison, clock.instant());
            publish(statusOf(now, revisionTree, desired, comparison, prune, gitProblem, null));
            sync(desired, comparison, spec, prune.allowed());
            comparison = cluster.compare(desired);
            prune = prunes.plan(now, spec, revisionTree, comparison, clock.instant());
            if (operation.hasFailed()) {
                operation = operation.blockedBy(cluster.blockers(desired, comparison, spec.selfHeal()));
            }
        } else {
            closePendingOperation(decision, desired, comparison);
            requested = requested && decision.action() != Action.NOTHING;
        }
        if (!comparison.requiresApply()) {
            syncedRevision = revisionTree.revision();
        }
        String why = decision.why() == null ? prune.held() : decision.why();
        publish(statusOf(now, revisionTree, desired, comparison, prune, gitProblem, why));
        if (prune.isUndecided()) {
            return UNDECIDED;
        }
        return acts && operation.hasFailed() ? Duration.ofMillis(1) : decision.delay();
    }

    /** The end of the rendering triggers another reconciliation; until then the last status is kept. */
    private Duration awaitRendering(ApplicationManifest now) {
        Instant instant = clock.instant();
        renderingSince = renderingSince == null ? instant : renderingSince;
        if (status == null && !instant.isBefore(renderingSince.plus(RENDERING))) {
            publish(writer.unknown(now, null, report(now), "is being rendered", List.of(), instant));
        }
        return Duration.ZERO;
    }

    /** Null while the values that a message may quote are unknown. */
    @CheckForNull
    private SecretMask mask() {
        return rendered == null ? null : SecretMask.of(rendered);
    }

    /** Starts an operation or its next attempt, and retries what the API server rejected before. */
    private Comparison begin(Action action, RevisionTree revisionTree, DesiredState desired, Comparison comparison)
            throws ClusterException {
        boolean again = action == Action.RETRY || action == Action.SYNC && requested;
        operation = switch (action) {
            case RETRY -> operation.retry(revisionTree.revision());
            case HEAL -> operation.heal(revisionTree.revision(), desired.hash(), clock.instant());
            default -> SyncOperation.start(revisionTree.revision(), desired.hash(), clock.instant(), 0);
        };
        requested = false;
        disconnected = false;
        return again ? cluster.compareAgain(desired, comparison) : comparison;
    }

    private SyncDecision.SyncInputs inputs(
            RevisionTree revisionTree,
            ApplicationSpec spec,
            DesiredState desired,
            Comparison comparison,
            PrunePlan prune) {
        boolean failed = operation != null && operation.hasFailed();
        return new SyncDecision.SyncInputs(
                desired.hash(),
                comparison.needsWork(),
                !comparison.requiresApply(),
                comparison.wouldPruneEverything(),
                prune,
                operation,
                requested,
                revisionTree.revision(),
                failed ? cluster.blockers(desired, comparison, spec.selfHeal()) : Set.of(),
                disconnected);
    }

    /** A failed operation whose state is live anyway has succeeded; one without a further retry has finally failed. */
    private void closePendingOperation(SyncDecision decision, DesiredState desired, Comparison comparison) {
        if (operation == null || !operation.hasFailed() || decision.action() == Action.WAIT) {
            return;
        }
        if (!comparison.needsWork() && operation.hash().equals(desired.hash())) {
            operation = operation.succeeded(clock.instant());
            failures = Map.of();
        } else if (operation.phase() == OperationPhase.RUNNING) {
            operation = operation.givenUp(clock.instant());
            failures = Map.of();
        }
    }

    private void sync(DesiredState desired, Comparison comparison, ApplicationSpec spec, List<ResourceState> toPrune) {
        SyncResult outcome = cluster.sync(desired, comparison, spec, toPrune);
        failures = outcome.failures();
        if (outcome.succeeded()) {
            operation = operation.succeeded(clock.instant());
            return;
        }
        // A requested sync is not lost because the API server was unreachable.
        boolean again = (spec.automated() || outcome.outage())
                && !comparison.isNotPermitted()
                && spec.retry().allows(operation.retries());
        operation = operation.failed(again, clock.instant(), outcome.summary(), outcome.outage());
    }

    private ApplicationStatus statusOf(
            ApplicationManifest now,
            RevisionTree revisionTree,
            DesiredState desired,
            Comparison comparison,
            PrunePlan prune,
            @CheckForNull String gitProblem,
            @CheckForNull String why) {
        boolean givenUp = operation != null && operation.hasFailedAt(desired.hash()) && comparison.needsWork();
        List<ApplicationCondition> conditions =
                new ArrayList<>(givenUp ? notSynced(now, revisionTree) : errorConditions.compared());
        if (prune.confirmation() != null) {
            conditions.add(prune.confirmation());
        }
        conditions.addAll(warningConditions.of(comparison, clock.instant()));
        ApplicationStatus compared = writer.compared(
                now,
                revisionTree.revision(),
                syncedRevision,
                desired,
                comparison,
                report(now),
                failures,
                why,
                conditions,
                clock.instant());
        if (prune.confirmation() != null) {
            compared = StatusWriter.blocked(compared, prune.confirmation().message());
        }
        return gitProblem == null
                ? compared
                : writer.unknown(now, compared, report(now), gitProblem, List.of(), clock.instant());
    }

    /** If syncs are automated, another commit with the same manifests is tried first, so it has not failed yet. */
    private List<ApplicationCondition> notSynced(ApplicationManifest now, RevisionTree revisionTree) {
        String revision = now.spec().automated() ? operation.revision() : revisionTree.revision();
        Instant next = RetrySchedule.upcoming(operation, now.spec(), clock.instant());
        return errorConditions.notSynced(operation.message(next), revision, operation.finishedAt());
    }

    /**
     * The application is neither compared nor changed, so its state is unknown. Other applications may not prune
     * objects that it may have.
     */
    private Duration skipped(ApplicationManifest now, RevisionTree revisionTree) {
        requested = false;
        rendering.refused(revisionTree, now);
        prunes.failed(now.name(), revisionTree.revision());
        ApplicationStatus unknown = writer.unknown(now, status, report(now), SKIPPED, List.of(), clock.instant());
        publish(StatusWriter.blocked(unknown, SKIPPED));
        return Duration.ZERO;
    }

    private Duration unknown(ApplicationManifest now, String message, List<ApplicationCondition> conditions) {
        prunes.failed(now.name(), task.tip().revision());
        publish(writer.unknown(now, status, report(now), message, conditions, clock.instant()));
        return Duration.ZERO;
    }

    @CheckForNull
    private Report.OperationState report(ApplicationManifest now) {
        return operation == null
                ? null
                : operation.report(RetrySchedule.upcoming(operation, now.spec(), clock.instant()));
    }

    /** A new observation time alone is not published, since the next report contains it anyway. */
    private void publish(ApplicationStatus newer) {
        ApplicationStatus before = status;
        status = newer;
        if (before == null || !StatusChange.isSame(before, newer)) {
            published.accept(newer);
        }
    }
}
