package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationReader;
import io.jenkins.plugins.gitops.agent.application.ApplicationSource;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.Cluster;
import io.jenkins.plugins.gitops.agent.cluster.ClusterFailure;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.SecretMask;
import io.jenkins.plugins.gitops.agent.cluster.SyncOutcome;
import io.jenkins.plugins.gitops.agent.cluster.SyncPreview;
import io.jenkins.plugins.gitops.agent.reconcile.SyncDecision.Action;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
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

/** Keeps one application as Git has it. One pass at a time; its status may be read at any time. */
final class ApplicationReconciler {
    /** Between two looks at whether the other applications were rendered. */
    static final Duration UNDECIDED = Duration.ofMillis(250);

    /** What takes less to render does not say so. */
    private static final Duration RENDERING = Duration.ofSeconds(3);

    private static final Logger LOGGER = Logger.getLogger(ApplicationReconciler.class.getName());
    private static final String SKIPPED =
            "the application is left alone until its annotation " + ApplicationReader.SKIP_RECONCILE + " is removed";

    private final Cluster cluster;
    private final InventoriedRendering rendering;
    private final StatusWriter writer;
    private final Consumer<ApplicationStatus> published;
    private final Clock clock;
    private final IdentityGuard identity;
    private final PrunePlanner prunes;
    private final Trouble trouble = new Trouble();
    private final Warnings warnings = new Warnings();
    private volatile Operation operation;
    private String syncedRevision;
    private Map<String, String> failures = Map.of();
    /** What the pass works on; null before it is rendered. */
    private DesiredState rendered;
    /** Null while the rendering is not waited for. */
    private Instant renderingSince;

    private volatile Task task;
    private volatile ApplicationStatus status;
    private volatile boolean requested;
    /** Whether the API server could not be asked since the last try of a sync. */
    private boolean disconnected;

    /**
     * @param published gets each status that differs from the one before
     */
    ApplicationReconciler(
            ApplicationSource source,
            Tip tip,
            Cluster cluster,
            IdentityGuard identity,
            Rendering rendering,
            PrunePlanner prunes,
            StatusWriter writer,
            Consumer<ApplicationStatus> published,
            Clock clock) {
        this.task = new Task(source, tip);
        this.cluster = cluster;
        this.identity = identity;
        this.rendering = new InventoriedRendering(rendering, cluster.inventory());
        this.prunes = prunes;
        this.writer = writer;
        this.published = published;
        this.clock = clock;
    }

    /** What to deploy, and the revision that says so. */
    private record Task(ApplicationSource source, Tip tip) {}

    /** Takes the manifest of a new revision. */
    void update(ApplicationSource source, Tip tip) {
        task = new Task(source, tip);
    }

    /**
     * A person asked for a sync, which the next pass makes.
     *
     * @param known the operation that whoever asks knows of
     * @param prune the revision whose deletions are asked for; null for none
     * @return false when another one has begun since, and nothing is left to do
     */
    boolean request(@CheckForNull Report.Operation known, @CheckForNull String prune) {
        Operation last = operation;
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

    /** What the last pass found; null before the first one. */
    @CheckForNull
    ApplicationStatus status() {
        ApplicationStatus last = status;
        return last == null || !requested ? last : last.withRequest();
    }

    /**
     * One pass.
     *
     * @param gitProblem why nothing newer than the tip is known; null when Git could be asked
     * @return when to look again whatever happens; zero when that needs no time of its own
     */
    Duration pass(@CheckForNull String gitProblem) {
        Task current = task;
        ApplicationSource now = current.source();
        Tip tip = current.tip();
        ApplicationSpec spec = now.spec();
        if (identity.problem() != null) {
            return unknown(now, identity.problem(), List.of());
        }
        if (now.skipped()) {
            return skipped(now, tip);
        }
        if (spec == null) {
            rendering.refused(tip, now);
            String why = now.problem() == null ? "the manifest cannot be read" : now.problem();
            return unknown(now, why, trouble.invalidSpec(why, tip.revision(), clock.instant()));
        }
        try {
            return pass(now, spec, tip, gitProblem);
        } catch (RefusedException e) {
            return unknown(now, e.getMessage(), trouble.notRendered(e.getMessage(), tip.revision(), clock.instant()));
        } catch (ClusterFailure e) {
            disconnected |= e.isOutage();
            String message = rendered == null ? e.getMessage() : mask().mask(e.getMessage());
            List<Condition> conditions = e.isOutage() ? List.of() : trouble.notCompared(message, clock.instant());
            return unknown(now, message, conditions);
        } catch (IOException e) {
            return unknown(now, "the clone of the repository cannot be read: " + e.getMessage(), List.of());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // One application must not take the others along, whatever is wrong with it.
            UnexpectedFailure failure = UnexpectedFailure.of(e, mask());
            Level level = trouble.isKnown(failure.summary()) ? Level.FINE : Level.WARNING;
            LOGGER.log(level, "A pass over " + now.name() + " failed", failure);
            return unknown(now, failure.summary(), trouble.notCompared(failure.summary(), clock.instant()));
        }
    }

    private Duration pass(ApplicationSource now, ApplicationSpec spec, Tip tip, @CheckForNull String gitProblem)
            throws RefusedException, ClusterFailure, IOException {
        rendered = rendering.at(tip, now, spec).orElse(null);
        if (rendered == null) {
            return awaitRendering(now);
        }
        renderingSince = null;
        DesiredState desired = rendered;
        Comparison comparison = cluster.compare(desired);
        if (comparison.isApplyUndecided()) {
            String why = "waits until all applications are rendered";
            publish(observed(now, tip, desired, comparison, PrunePlan.NOTHING, gitProblem, why));
            return UNDECIDED;
        }
        PrunePlan prune = prunes.plan(now, spec, tip, comparison, clock.instant());
        SyncDecision decision =
                SyncDecision.decide(facts(tip, spec, desired, comparison, prune), spec, clock.instant());
        boolean previews = !cluster.mayWrite() && (decision.acts() || comparison.hasToApply());
        String foreign = decision.acts() || previews ? identity.checkCluster() : null;
        if (foreign != null) {
            return unknown(now, foreign, List.of());
        }
        return previews
                ? preview(decision, now, tip, desired, comparison, prune, gitProblem)
                : carryOut(decision, now, tip, desired, comparison, prune, gitProblem);
    }

    /** Says what a sync would do, and why none would begin by itself. */
    private Duration preview(
            SyncDecision decision,
            ApplicationSource now,
            Tip tip,
            DesiredState desired,
            Comparison comparison,
            PrunePlan prune,
            @CheckForNull String gitProblem)
            throws ClusterFailure {
        SyncPreview preview = cluster.preview(desired, comparison, now.spec(), prune.allowed());
        requested = false;
        if (!comparison.hasToApply()) {
            syncedRevision = tip.revision();
        }
        String why = decision.why() == null ? preview.summary() : decision.why() + "; a sync " + preview.summary();
        publish(observed(now, tip, desired, preview.comparison(), prune, gitProblem, why));
        return prune.isUndecided() ? UNDECIDED : Duration.ZERO;
    }

    private Duration carryOut(
            SyncDecision decision,
            ApplicationSource now,
            Tip tip,
            DesiredState desired,
            Comparison compared,
            PrunePlan planned,
            @CheckForNull String gitProblem)
            throws ClusterFailure, IOException {
        ApplicationSpec spec = now.spec();
        Comparison comparison = compared;
        PrunePlan prune = planned;
        boolean acts = decision.acts();
        if (acts) {
            comparison = begin(decision.action(), tip, desired, comparison);
            prune = prunes.plan(now, spec, tip, comparison, clock.instant());
            publish(observed(now, tip, desired, comparison, prune, gitProblem, null));
            sync(desired, comparison, spec, prune.allowed());
            comparison = cluster.compare(desired);
            prune = prunes.plan(now, spec, tip, comparison, clock.instant());
            if (operation.hasFailed()) {
                operation = operation.blockedBy(cluster.blockers(desired, comparison, spec.selfHeal()));
            }
        } else {
            settle(decision, desired, comparison);
            requested = requested && decision.action() != Action.NOTHING;
        }
        if (!comparison.hasToApply()) {
            syncedRevision = tip.revision();
        }
        String why = decision.why() == null ? prune.held() : decision.why();
        publish(observed(now, tip, desired, comparison, prune, gitProblem, why));
        if (prune.isUndecided()) {
            return UNDECIDED;
        }
        return acts && operation.hasFailed() ? Duration.ofMillis(1) : decision.delay();
    }

    /** Another pass follows when it is rendered; until then the last one holds. */
    private Duration awaitRendering(ApplicationSource now) {
        Instant instant = clock.instant();
        renderingSince = renderingSince == null ? instant : renderingSince;
        if (status == null && !instant.isBefore(renderingSince.plus(RENDERING))) {
            publish(writer.unknown(now, null, report(now), "is being rendered", List.of(), instant));
        }
        return Duration.ZERO;
    }

    /** Null while the values that a message may quote are not known. */
    @CheckForNull
    private SecretMask mask() {
        return rendered == null ? null : SecretMask.of(rendered);
    }

    /** Begins an operation or its next try, with what the API server says now about what it refused before. */
    private Comparison begin(Action action, Tip tip, DesiredState desired, Comparison comparison)
            throws ClusterFailure {
        boolean again = action == Action.RETRY || action == Action.SYNC && requested;
        operation = switch (action) {
            case RETRY -> operation.retry(tip.revision());
            case HEAL -> operation.heal(tip.revision(), desired.hash(), clock.instant());
            default -> Operation.start(tip.revision(), desired.hash(), clock.instant(), 0);
        };
        requested = false;
        disconnected = false;
        return again ? cluster.compareAgain(desired, comparison) : comparison;
    }

    private SyncDecision.Facts facts(
            Tip tip, ApplicationSpec spec, DesiredState desired, Comparison comparison, PrunePlan prune) {
        boolean failed = operation != null && operation.hasFailed();
        return new SyncDecision.Facts(
                desired.hash(),
                comparison.needsWork(),
                !comparison.hasToApply(),
                comparison.wouldWipeOut(),
                prune,
                operation,
                requested,
                tip.revision(),
                failed ? cluster.blockers(desired, comparison, spec.selfHeal()) : Set.of(),
                disconnected);
    }

    /** A failed operation whose state is live all the same has succeeded; one whose retry does not come is over. */
    private void settle(SyncDecision decision, DesiredState desired, Comparison comparison) {
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
        SyncOutcome outcome = cluster.sync(desired, comparison, spec, toPrune);
        failures = outcome.failures();
        if (outcome.succeeded()) {
            operation = operation.succeeded(clock.instant());
            return;
        }
        boolean again =
                spec.automated() && !comparison.isNotPermitted() && spec.retry().allows(operation.retries());
        operation = operation.failed(again, clock.instant(), outcome.summary(), outcome.outage());
    }

    private ApplicationStatus observed(
            ApplicationSource now,
            Tip tip,
            DesiredState desired,
            Comparison comparison,
            PrunePlan prune,
            @CheckForNull String gitProblem,
            @CheckForNull String why) {
        boolean givenUp = operation != null && operation.hasFailedAt(desired.hash()) && comparison.needsWork();
        List<Condition> conditions = new ArrayList<>(givenUp ? notSynced(now, tip) : trouble.compared());
        if (prune.confirmation() != null) {
            conditions.add(prune.confirmation());
        }
        conditions.addAll(warnings.of(comparison, clock.instant()));
        ApplicationStatus compared = writer.compared(
                now,
                tip.revision(),
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

    /** Another commit with the same manifests is tried when syncs are automated; until then it has not failed. */
    private List<Condition> notSynced(ApplicationSource now, Tip tip) {
        String revision = now.spec().automated() ? operation.revision() : tip.revision();
        Instant next = RetrySchedule.upcoming(operation, now.spec(), clock.instant());
        return trouble.notSynced(operation.message(next), revision, operation.finishedAt());
    }

    /** It is neither compared nor touched, so nothing is known of it; other applications may not prune what it may hold. */
    private Duration skipped(ApplicationSource now, Tip tip) {
        requested = false;
        rendering.refused(tip, now);
        prunes.failed(now.name(), tip.revision());
        ApplicationStatus unknown = writer.unknown(now, status, report(now), SKIPPED, List.of(), clock.instant());
        publish(StatusWriter.blocked(unknown, SKIPPED));
        return Duration.ZERO;
    }

    private Duration unknown(ApplicationSource now, String message, List<Condition> conditions) {
        prunes.failed(now.name(), task.tip().revision());
        publish(writer.unknown(now, status, report(now), message, conditions, clock.instant()));
        return Duration.ZERO;
    }

    @CheckForNull
    private Report.Operation report(ApplicationSource now) {
        return operation == null
                ? null
                : operation.report(RetrySchedule.upcoming(operation, now.spec(), clock.instant()));
    }

    /** The time of the observation alone is no news: the next report tells it anyway. */
    private void publish(ApplicationStatus newer) {
        ApplicationStatus before = status;
        status = newer;
        if (before == null || !StatusChange.isSame(before, newer)) {
            published.accept(newer);
        }
    }
}
