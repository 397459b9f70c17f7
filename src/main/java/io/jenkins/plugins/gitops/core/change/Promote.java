package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.Plan;
import io.jenkins.plugins.gitops.core.git.Revisions;
import io.jenkins.plugins.gitops.core.git.Tip;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import io.jenkins.plugins.gitops.core.promotion.Person;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the images that were verified, and approved where policy asks for it, to the next environment. The policy that
 * counts is the one on the tip that is written to: what was tightened meanwhile holds.
 */
public final class Promote implements ChangePlanner {
    private final Promotion asked;
    private final List<Approval> approvals;
    private final Gate gate;
    private final Origin origin;

    /** Decides what approvals count. */
    @FunctionalInterface
    public interface Gate {
        /**
         * Called where policy asks for approval, on the thread that writes: asks nobody and waits for nothing.
         *
         * @param people who had a hand in what is promoted, as {@link Contributors} finds them on the tip that is written to
         * @throws RefusedException when no approval can count, for example since none of the people is known
         */
        ApprovalGate of(ApprovalPolicy policy, List<Person> people) throws RefusedException;
    }

    /**
     * @param asked what was looked at, verified and approved; exactly its images are written
     * @param gate the gate for a policy, with the people who do not count
     */
    public Promote(Promotion asked, List<Approval> approvals, Gate gate, Origin origin) {
        this.asked = asked;
        this.approvals = List.copyOf(approvals);
        this.gate = gate;
        this.origin = origin;
    }

    @Override
    public Plan plan(Tip tip) throws RefusedException, IOException {
        String from = asked.source().environment();
        String to = asked.destination().environment();
        Promotion now =
                Promotion.prepare(tip.files(), tip.revision(), asked.source().application(), from, to);
        if (now.approval() != null) {
            Optional<String> missing =
                    gate.of(now.approval(), Contributors.of(tip, asked)).missing(approvals);
            if (missing.isPresent()) {
                throw new RefusedException(
                        "Promotion of " + now.destination().id() + " lacks approval: " + missing.get(),
                        "Ask for the promotion again and have it approved");
            }
        }
        if (asked.images().isEmpty()) {
            throw new RefusedException(
                    "The promotion of " + now.destination().id() + " names no image", "Ask for the promotion again");
        }
        requireUnmoved(now);
        Images images = new Images(tip.files(), now.destination(), false).setAll(asked.images());
        requireEntries(images, now);
        Map<String, byte[]> files = images.files();
        Set<String> released = Set.of();
        if (!images.areThere(files)) {
            Delivery delivery = Delivery.load(tip.files());
            delivery.checkReason(to, origin.reason());
            requireApprovalOfOthers(
                    tip,
                    delivery,
                    now.destination(),
                    Guards.passOthers(tip.files(), delivery, now.destination(), files.keySet(), origin.reason()));
            released = Guards.passHold(tip.files(), now.destination(), origin);
            Overtaking.check(
                    tip,
                    now.destination(),
                    origin.operationId(),
                    images.changed(),
                    "Start the job again to promote what is verified now");
        }
        Trailers trailers = Guards.releasing(released, images.addTo(origin.trailers(now.destination())));
        for (Approval approval : approvals) {
            trailers = trailers.with(Trailers.APPROVED_BY, approval.user());
        }
        trailers = trailers.with(Trailers.PROMOTED_FROM, now.source().id() + "@" + asked.sourceRevision());
        return new Plan(
                files, released, now.destination().id() + ": promote " + images.summary() + " from " + from, trailers);
    }

    /** Where several environments share the file, the approvals have to do for each of them. */
    private void requireApprovalOfOthers(Tip tip, Delivery delivery, Target destination, List<Target> others)
            throws RefusedException, IOException {
        for (Target other : others) {
            ApprovalPolicy policy = delivery.environment(other.environment()).approval();
            if (policy == null || other.environment().equals(destination.environment())) {
                continue;
            }
            Optional<String> missing =
                    gate.of(policy, Contributors.of(tip, asked)).missing(approvals);
            if (missing.isPresent()) {
                throw new RefusedException(
                        "Promotion of " + destination.id() + " changes " + other.id()
                                + " too, which has the same file, and lacks approval for it: " + missing.get(),
                        "Promote to " + other.environment() + ", or give each environment a file of its own");
            }
        }
    }

    /** An approval is for this change, not for taking back what somebody brought there meanwhile. */
    private void requireUnmoved(Promotion now) throws RefusedException {
        if (!now.previous().equals(asked.previous()) && !now.previous().containsAll(asked.images())) {
            throw new RefusedException(
                    now.destination().id() + " has changed since the promotion was asked for: it held "
                            + asked.previous() + " and holds " + now.previous() + " now",
                    "Ask for the promotion again");
        }
    }

    private static void requireEntries(Images images, Promotion promotion) throws RefusedException {
        List<String> present =
                images.before().stream().map(ImageReference::name).toList();
        for (ImageReference image : promotion.images()) {
            if (!present.contains(image.name())) {
                throw new RefusedException(
                        promotion.destination().id() + " has no entry for image " + image.name() + " of "
                                + promotion.source().id(),
                        "Add it to the images of " + promotion.destination().path() + ", then promote again");
            }
        }
    }

    @Override
    public boolean isDoneBy(CommitInfo commit, String operationId, Revisions revisions) throws IOException {
        Target to = asked.destination();
        return CommitClaims.agree(revisions, commit, operationId, to.application(), to.environment());
    }

    @Override
    public void requireSame(ChangeResult done, Tip tip) throws RefusedException {
        Target to = asked.destination();
        OperationUse.require(done, OperationUse.Kind.PROMOTION, to.application(), to.environment());
        String source = asked.source().id() + "@";
        if (done.trailers().all(Trailers.PROMOTED_FROM).stream().noneMatch(said -> said.startsWith(source))) {
            throw OperationUse.used(done);
        }
    }
}
