package io.jenkins.plugins.gitops.core.change;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.delivery.RollbackPolicy;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Restores images that a target had before, as a new commit; history is not rewritten. Only states of the branch itself
 * can be restored, and where the policy requires approval, only approved ones.
 */
public final class RollbackPlanner implements ChangePlanner {
    private final String application;
    private final String environment;
    private final Options options;
    private final Predicate<RollbackPolicy> mayRollBack;
    private final ChangeMetadata changeMetadata;

    /**
     * What to roll back, and how.
     *
     * @param to a revision or tag of the target's history; null for the state before the current images
     * @param images names of the images to roll back, the others are not changed; empty for all
     * @param hold whether to hold the target in the same commit
     */
    public record Options(@CheckForNull String to, List<String> images, boolean hold) {
        public Options {
            images = List.copyOf(images);
        }
    }

    /** @param mayRollBack whether the environment's policy allows the requester to roll back */
    public RollbackPlanner(
            String application,
            String environment,
            Options options,
            Predicate<RollbackPolicy> mayRollBack,
            ChangeMetadata changeMetadata) {
        this.application = application;
        this.environment = environment;
        this.options = options;
        this.mayRollBack = mayRollBack;
        this.changeMetadata = changeMetadata;
    }

    /**
     * Without a check of the requester: a user with the credentials of the config repository could push the rollback
     * anyway.
     */
    public RollbackPlanner(String application, String environment, Options options, ChangeMetadata changeMetadata) {
        this(application, environment, options, policy -> true, changeMetadata);
    }

    /** Rolls back all images. */
    public RollbackPlanner(
            String application,
            String environment,
            @CheckForNull String to,
            boolean hold,
            ChangeMetadata changeMetadata) {
        this(application, environment, new Options(to, List.of(), hold), changeMetadata);
    }

    @Override
    public ChangePlan plan(BranchTip tip) throws UserErrorException, IOException {
        Delivery delivery = Delivery.load(tip.files());
        Target target = delivery.target(application, environment);
        Environment policy = delivery.environment(environment);
        SourceLocation place = delivery.rollbackLocation(environment);
        requireAllowed(policy.rollback(), place);
        RollbackHistory history = RollbackHistory.of(tip, target, options.images());
        ApprovedImages approved = policy.approval() == null || policy.rollback().toUnapproved()
                ? null
                : new ApprovedImages(history.all(), policy.rollback());
        ImageRestoration restoration = restoration(target, history, approved);
        if (restoration.isNoop()) {
            return nothing(tip, target, restoration);
        }
        if (approved != null && !approved.allow(restoration)) {
            throw unapproved(place, target, restoration, history, approved);
        }
        delivery.checkReason(environment, changeMetadata.reason());
        Map<String, byte[]> files = new HashMap<>(restoration.files(tip.files(), target));
        ChangePreconditions.requireNoApproval(
                delivery,
                target,
                ChangePreconditions.checkSharedTargets(
                        tip.files(), delivery, target, files.keySet(), changeMetadata.reason()));
        Trailers trailers = restoration
                .addTo(changeMetadata.trailers(target))
                .with(Trailers.ROLLBACK_OF, history.changes().get(0).revision());
        if (options.hold()) {
            trailers = trailers.with(Trailers.HOLD, Hold.HELD);
            Hold next = Hold.next(tip.files(), target, changeMetadata);
            if (next != null) {
                files.put(Hold.file(target), next.content());
            }
        }
        return new ChangePlan(files, target.id() + ": " + restoration.summary(), trailers);
    }

    private void requireAllowed(RollbackPolicy policy, @CheckForNull SourceLocation place) throws UserErrorException {
        if (policy.approval()) {
            throw new UserErrorException(
                    place,
                    "A rollback of " + environment + " requires an approval, which a rollback cannot request",
                    "Promote the earlier image with gitopsPromote");
        }
        if (!mayRollBack.test(policy)) {
            throw new UserErrorException(
                    place,
                    changeMetadata.requestedBy() + " may not roll back " + environment + ", only " + policy.describe()
                            + " may",
                    "Ask one of them");
        }
    }

    /** The changes that restore the requested state; of several with the same tag, the newest approved one. */
    private ImageRestoration restoration(Target target, RollbackHistory history, @CheckForNull ApprovedImages approved)
            throws UserErrorException, IOException {
        List<ImageRestoration> found = history.candidates(options.to()).stream()
                .map(history::restoration)
                .toList();
        if (found.isEmpty()) {
            throw new UserErrorException(
                    target.id()
                            + (history.cut() ? " recently did not have " : " never had ")
                            + (options.to() == null ? "another image" : "\"" + options.to() + "\"")
                            + (history.names().isEmpty() ? "" : " for " + String.join(", ", history.names()))
                            + (history.cut() ? "; older commits than the newest 50,000 are not searched" : ""),
                    history.cut()
                            ? "Set the image instead"
                            : "Name a revision or tag that the history of " + target.path() + " shows");
        }
        return found.stream()
                .filter(restoration -> approved == null || approved.allow(restoration))
                .findFirst()
                .orElse(found.get(0));
    }

    /** The target already has the requested state: makes no commit and no hold, since nothing is rolled back. */
    private ChangePlan nothing(BranchTip tip, Target target, ImageRestoration restoration)
            throws UserErrorException, IOException {
        if (options.to() != null && restoration.missing().isEmpty()) {
            return new ChangePlan(
                    restoration.files(tip.files(), target),
                    target.id() + ": " + restoration.summary(),
                    changeMetadata.trailers(target));
        }
        String gone =
                restoration.missing().stream().map(ImageReference::toString).collect(Collectors.joining(", "));
        throw new UserErrorException(
                target.id() + " cannot be rolled back to commit "
                        + restoration.state().shortRevision()
                        + (gone.isEmpty() ? ", which changed nothing" : ": nothing there sets " + gone + " any more"),
                "Name another revision or tag, or change the files in Git");
    }

    private static UserErrorException unapproved(
            @CheckForNull SourceLocation place,
            Target target,
            ImageRestoration wanted,
            RollbackHistory history,
            ApprovedImages approved) {
        String what = wanted.images().isEmpty()
                ? "the state without " + wanted.removed().get(0).name()
                : wanted.images().stream().map(ImageReference::toString).collect(Collectors.joining(", "));
        String good = history.changes().stream()
                .skip(1)
                .map(history::restoration)
                .filter(other -> !other.isNoop() && approved.allow(other))
                .findFirst()
                .map(other -> "Roll back to commit " + other.state().shortRevision() + " ("
                        + ImageRestoration.versions(other.state().images()) + "), which was approved, or")
                .orElse("Promote a good image, or");
        return new UserErrorException(
                place,
                target.id() + " cannot be rolled back to " + what + " of commit "
                        + wanted.state().shortRevision() + ", because no approved promotion set it",
                good + " have it listed in rollback.verified of " + target.environment() + " in " + Delivery.FILE);
    }

    @Override
    public OperationScope scope() {
        return new OperationScope(OperationScope.OperationKind.ROLLBACK, application + "/" + environment);
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        return TrailerVerification.matchesFiles(revisionReader, commit, operationId, application, environment);
    }

    @Override
    public void requireSame(ChangeResult done, BranchTip tip) throws UserErrorException, IOException {
        if (options.to() == null && options.images().isEmpty()) {
            return;
        }
        List<ImageChange> changes = ImageChange.of(done.trailers());
        RollbackHistory history = find(tip);
        if (history != null && !(isOfSelected(changes, history) && hasGoneBack(changes, history))) {
            throw IdempotencyCheck.alreadyUsed(done);
        }
    }

    /** Null when the target or the image no longer exists; an earlier commit of the operation still counts. */
    @CheckForNull
    private RollbackHistory find(BranchTip tip) throws IOException {
        try {
            Target target = Delivery.load(tip.files()).target(application, environment);
            return RollbackHistory.of(tip, target, options.images());
        } catch (UserErrorException e) {
            return null;
        }
    }

    private boolean isOfSelected(List<ImageChange> changes, RollbackHistory history) {
        return history.names().isEmpty()
                || changes.stream().allMatch(change -> history.names().contains(change.name()));
    }

    private boolean hasGoneBack(List<ImageChange> changes, RollbackHistory history) throws IOException {
        List<ImageReference> brought =
                changes.stream().map(ImageChange::to).filter(Objects::nonNull).toList();
        return options.to() == null
                || history.candidates(options.to()).stream()
                        .anyMatch(state -> state.images().containsAll(brought));
    }
}
