package io.jenkins.plugins.gitops.agent.reconcile;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifestReader;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Plans which objects of one application may be deleted, and remembers pending confirmations. If a part must be
 * confirmed, the whole prune is withheld: objects that were removed together may belong together.
 */
final class PrunePlanner {
    private static final String CONDITION = "PruneConfirmationRequired";
    private static final String OTHERS = "pruning waits until all applications are compared";
    private static final int MAX_NAMED = 5;

    private final PruneLedger ledger;
    private final PruneConfirmation confirmations;
    /**
     * The UIDs of the objects that were live when the first deletion became pending, so that later objects do not
     * reduce its share.
     */
    private Set<String> before = Set.of();
    /** Whether the last plans withheld deletions. */
    private boolean held;

    private List<ObjectId> asked = List.of();
    private ApplicationCondition confirmation;
    private volatile String requested;

    PrunePlanner(PruneLedger ledger, PruneConfirmation confirmations) {
        this.ledger = ledger;
        this.confirmations = confirmations;
    }

    /** Requests the deletion of objects that a revision, 40 hex digits, no longer contains. */
    void request(String revision) {
        requested = revision;
    }

    /** Records that the application cannot be compared at a revision. */
    void failed(String application, String revision) {
        ledger.failed(application, revision);
    }

    PrunePlan plan(
            ApplicationManifest source,
            ApplicationSpec spec,
            RevisionTree revisionTree,
            Comparison comparison,
            Instant now)
            throws IOException {
        List<ResourceState> pending = comparison.toPrune().stream()
                .filter(state -> !state.live().deleting())
                .toList();
        if (!comparison.undecidedPrunes().isEmpty()) {
            countKept(comparison.undecidedPrunes(), comparison);
            return undecided(OTHERS);
        }
        held |= comparison.isPruneWithheld();
        int kept = countKept(pending, comparison);
        boolean empty = comparison.wouldPruneEverything();
        boolean wanted = (spec.prune() || requested != null) && (spec.allowEmpty() || !empty);
        ledger.compared(source.name(), revisionTree.revision(), wanted ? pending.size() : 0, pending.size() + kept);
        if (pending.isEmpty() || !wanted) {
            return forget(pending.isEmpty() && !comparison.isPruneWithheld());
        }
        List<ObjectId> objects = pending.stream().map(ResourceState::id).toList();
        String refusal = refusal(source, revisionTree, objects);
        if (refusal == null) {
            return allow(pending);
        }
        if (refusal.equals(PruneConfirmation.PENDING)) {
            return undecided("pruning waits until the revisions since the confirmed one are rendered");
        }
        if (!spec.prune()) {
            return forget(false);
        }
        PruneLedger.Totals totals = ledger.totals();
        List<String> reasons =
                PruneGuard.reasons(new PruneGuard.PruneImpact(pending, kept, empty, spec.resourceOptions(), totals));
        if (reasons.isEmpty()) {
            return PruneGuard.isUndecided(totals) ? undecided(OTHERS) : allow(pending);
        }
        return withhold(pending, objects, String.join(", ", reasons), refusal, source, revisionTree, now);
    }

    private int countKept(List<ResourceState> pending, Comparison comparison) {
        List<String> live = comparison.resources().stream()
                .filter(state -> state.live() != null)
                .map(state -> state.live().uid())
                .toList();
        if (pending.isEmpty()) {
            before = Set.of();
            return live.size();
        }
        if (before.isEmpty()) {
            before = Set.copyOf(live);
        }
        Set<String> kept = new HashSet<>(live);
        kept.retainAll(before);
        pending.forEach(state -> kept.remove(state.live().uid()));
        return kept.size();
    }

    /** Why neither Git nor a request confirms the deletion, or that this is pending; null if it is confirmed. */
    @CheckForNull
    private String refusal(ApplicationManifest source, RevisionTree revisionTree, List<ObjectId> objects)
            throws IOException {
        String request = requested;
        if (request != null) {
            String why = confirmations.refusal(request, revisionTree.revision(), source, objects);
            if (why == null || why.equals(PruneConfirmation.PENDING)) {
                return why;
            }
        }
        String written = source.confirmedPrune();
        if (written == null) {
            return "";
        }
        String why = confirmations.refusal(written, revisionTree.revision(), source, objects);
        return why == null || why.equals(PruneConfirmation.PENDING)
                ? why
                : "it confirms " + PruneConfirmation.brief(written) + ", " + why;
    }

    private PrunePlan forget(boolean done) {
        held &= !done;
        confirmation = null;
        asked = List.of();
        return PrunePlan.NOTHING;
    }

    private PrunePlan allow(List<ResourceState> pending) {
        confirmation = null;
        asked = List.of();
        return new PrunePlan(pending, null, null, held);
    }

    private PrunePlan undecided(String why) {
        held = true;
        return new PrunePlan(List.of(), why, null, false);
    }

    private PrunePlan withhold(
            List<ResourceState> pending,
            List<ObjectId> objects,
            String reasons,
            String refusal,
            ApplicationManifest source,
            RevisionTree revisionTree,
            Instant now) {
        held = true;
        boolean same = confirmation != null && objects.equals(asked);
        String revision = same ? confirmation.revision() : revisionTree.revision();
        String message = "pruning has to be confirmed (" + reasons + "): annotate the Application in " + source.file()
                + " with " + ApplicationManifestReader.CONFIRM_PRUNE + ": \"" + PruneConfirmation.brief(revision)
                + "\", or run gitopsSync with prune: true, or restore the manifests"
                + (refusal.isEmpty() ? "" : " (" + refusal + ")") + ": " + PruneGuard.names(pending, MAX_NAMED);
        confirmation = new ApplicationCondition(
                CONDITION, StatusWriter.bounded(message), revision, same ? confirmation.at() : now.toString());
        asked = objects;
        return new PrunePlan(List.of(), confirmation.message(), confirmation, false);
    }
}
