package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.BranchTip;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.OperationScope;
import io.jenkins.plugins.gitops.core.git.RevisionReader;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import io.jenkins.plugins.gitops.core.promotion.Contributor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the images that were verified, and approved where the policy requires it, to the next environment. The policy
 * of the tip that is written to counts, so that a policy tightened in the meantime applies.
 */
public final class PromotionPlanner implements ChangePlanner {
    private final PromotionPlan asked;
    private final List<Approval> approvals;
    private final ApprovalCheck approvalCheck;
    private final BranchRevisions branches;
    private final ChangeMetadata changeMetadata;

    /** Creates the gate that decides which approvals count. */
    @FunctionalInterface
    public interface ApprovalCheck {
        /**
         * Called if the policy requires approval, on the thread that writes, so it must not block or query the security
         * realm.
         *
         * @param people who contributed to what is promoted, found by {@link Contributors} on the tip that is written
         *     to
         * @throws UserErrorException when no approval can count, for example because no contributor is known
         */
        ApprovalGate of(ApprovalPolicy policy, List<Contributor> people) throws UserErrorException;
    }

    /**
     * @param asked the plan that was verified and approved; exactly its images are written
     * @param approvalCheck creates the gate for a policy and the contributors
     */
    public PromotionPlanner(
            PromotionPlan asked, List<Approval> approvals, ApprovalCheck approvalCheck, ChangeMetadata changeMetadata) {
        this(asked, approvals, approvalCheck, BranchRevisions.NONE, changeMetadata);
    }

    /** The same where environments are on different branches. @param branches all that images came through */
    public PromotionPlanner(
            PromotionPlan asked,
            List<Approval> approvals,
            ApprovalCheck approvalCheck,
            BranchRevisions branches,
            ChangeMetadata changeMetadata) {
        this.branches = branches;
        this.asked = asked;
        this.approvals = List.copyOf(approvals);
        this.approvalCheck = approvalCheck;
        this.changeMetadata = changeMetadata;
    }

    @Override
    public ChangePlan plan(BranchTip tip) throws UserErrorException, IOException {
        String from = asked.source().environment();
        String to = asked.destination().environment();
        PromotionPlan now = asked.at(tip.files());
        if (now.approval() != null) {
            Optional<String> missing = approvalCheck
                    .of(now.approval(), Contributors.of(tip, now, branches))
                    .missing(approvals);
            if (missing.isPresent()) {
                throw new UserErrorException(
                        "Promotion of " + now.destination().id() + " lacks approval: " + missing.get(),
                        "Request the promotion again and have it approved");
            }
        }
        if (asked.images().isEmpty()) {
            throw new UserErrorException(
                    "The promotion of " + now.destination().id() + " names no image", "Request the promotion again");
        }
        requireDestinationUnchanged(now);
        ImageUpdate imageUpdate = new ImageUpdate(tip.files(), now.destination(), false).setAll(asked.images());
        requireEntries(imageUpdate, now);
        Map<String, byte[]> files = imageUpdate.files();
        Set<String> released = Set.of();
        if (!imageUpdate.matches(files)) {
            Delivery delivery = Delivery.load(tip.files());
            delivery.checkReason(to, changeMetadata.reason());
            requireApprovalOfOthers(
                    tip,
                    delivery,
                    now,
                    ChangePreconditions.checkSharedTargets(
                            tip.files(), delivery, now.destination(), files.keySet(), changeMetadata.reason()));
            released = ChangePreconditions.requireNotHeld(tip.files(), now.destination(), changeMetadata);
            StaleBuildCheck.check(
                    tip,
                    now.destination(),
                    changeMetadata.operationId(),
                    imageUpdate.changed(),
                    "Start the job again to promote what is verified now");
        }
        Trailers trailers = ChangePreconditions.withRelease(
                released, imageUpdate.addTo(changeMetadata.trailers(now.destination())));
        for (Approval approval : approvals) {
            trailers = trailers.with(Trailers.APPROVED_BY, approval.user());
        }
        trailers = trailers.with(Trailers.PROMOTED_FROM, now.source().id() + "@" + asked.sourceRevision());
        return new ChangePlan(
                files,
                released,
                now.destination().id() + ": promote " + imageUpdate.summary() + " from " + from,
                trailers);
    }

    /** Where several environments share the file, the approvals must suffice for each of them. */
    private void requireApprovalOfOthers(BranchTip tip, Delivery delivery, PromotionPlan now, List<Target> others)
            throws UserErrorException, IOException {
        Target destination = now.destination();
        for (Target other : others) {
            ApprovalPolicy policy = delivery.environment(other.environment()).approval();
            if (policy == null || other.environment().equals(destination.environment())) {
                continue;
            }
            Optional<String> missing = approvalCheck
                    .of(policy, Contributors.of(tip, now, branches))
                    .missing(approvals);
            if (missing.isPresent()) {
                throw new UserErrorException(
                        "Promotion of " + destination.id() + " changes " + other.id()
                                + " too, which has the same file, and lacks approval for it: " + missing.get(),
                        "Promote to " + other.environment() + ", or give each environment its own file");
            }
        }
    }

    /**
     * Rejects the promotion if the destination changed meanwhile: an approval does not cover overwriting someone else's
     * change.
     */
    private void requireDestinationUnchanged(PromotionPlan now) throws UserErrorException {
        if (!now.previous().equals(asked.previous()) && !now.previous().containsAll(asked.images())) {
            throw new UserErrorException(
                    now.destination().id() + " has changed since the promotion was requested: it had "
                            + asked.previous() + " and now has " + now.previous(),
                    "Request the promotion again");
        }
    }

    private static void requireEntries(ImageUpdate imageUpdate, PromotionPlan promotionPlan) throws UserErrorException {
        List<String> present =
                imageUpdate.before().stream().map(ImageReference::name).toList();
        for (ImageReference image : promotionPlan.images()) {
            if (!present.contains(image.name())) {
                throw new UserErrorException(
                        promotionPlan.destination().id() + " has no entry for image " + image.name() + " of "
                                + promotionPlan.source().id(),
                        "Add the entry in Git, then promote again");
            }
        }
    }

    @Override
    public OperationScope scope() {
        return new OperationScope(
                OperationScope.OperationKind.PROMOTION, asked.destination().id());
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, RevisionReader revisionReader) throws IOException {
        Target to = asked.destination();
        return TrailerVerification.matchesFiles(
                revisionReader, commit, operationId, to.application(), to.environment());
    }

    @Override
    public void requireSame(ChangeResult done, BranchTip tip) throws UserErrorException {
        String source = asked.source().id() + "@";
        if (done.trailers().all(Trailers.PROMOTED_FROM).stream().noneMatch(said -> said.startsWith(source))) {
            throw IdempotencyCheck.alreadyUsed(done);
        }
    }
}
