package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.console.HyperlinkNote;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.core.change.Contributors;
import io.jenkins.plugins.gitops.core.change.DesiredState;
import io.jenkins.plugins.gitops.core.change.Promote;
import io.jenkins.plugins.gitops.core.change.Promotion;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.AwaitDecision;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import io.jenkins.plugins.gitops.promotion.BuildPeople;
import io.jenkins.plugins.gitops.promotion.ExcludedPeople;
import io.jenkins.plugins.gitops.promotion.FourEyes;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionDecision;
import io.jenkins.plugins.gitops.promotion.PromotionRejected;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.status.NamedAgents;
import io.jenkins.plugins.gitops.status.Sources;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Checks, asks, writes. Where it stands is in the run's {@link PromotionAction} and nowhere else: what was asked for is
 * stored there before anything is written, and a restart goes on from what is found there.
 */
final class PromoteExecution extends ChangeExecution {
    private static final long serialVersionUID = 1L;

    private final String from;
    /** How many decisions the build's log has told. */
    private volatile int told;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "false after a restart, so that the step listens again")
    private transient volatile boolean asking;

    PromoteExecution(GitopsPromoteStep step, StepContext context) {
        super(context, step.getRepository(), step.getApp(), step.getTo(), step.getReason());
        this.from = step.getFrom();
    }

    @Override
    ChangeRecord.Kind kind() {
        return ChangeRecord.Kind.PROMOTION;
    }

    /** Once it was asked for it stands until it is written, refused for good, or the step ends. */
    @Override
    boolean isDecided() {
        return true;
    }

    @Override
    void change() throws Exception {
        PromotionRequest request = PromotionAction.find(run(), operation());
        if (request == null) {
            afterFetch(configuration(), this::prepare);
        } else {
            goOn(request);
        }
    }

    private void prepare(ConfigRepository clone, String tip) throws Exception {
        FileTree files = clone.files(tip);
        // Nobody is asked to approve what could not be written then.
        WriteAccess.requirePolicy(run(), configuration(), files, environment());
        Promotion promotion = Promotion.prepare(files, tip, application(), from, environment());
        if (!promotion.isNeeded()) {
            written(nothingToDo(promotion));
            return;
        }
        CommitInfo newest = newestChange(clone, files, tip, promotion.source());
        requireLive(clone, promotion, Delivery.load(files), newest == null ? tip : newest.revision());
        PromotionRequest request = new PromotionRequest(
                operation(), binding(), promotion, requester().id(), excluded(clone, promotion), reason());
        PromotionAction.add(run(), request);
        goOn(request);
    }

    /** Reads builds and asks the security realm. */
    private ExcludedPeople excluded(ConfigRepository clone, Promotion promotion) throws Exception {
        ApprovalPolicy policy = promotion.approval();
        return policy == null
                ? new ExcludedPeople.Builder().build(false)
                : new FourEyes(BuildPeople.of(run()))
                        .runsAs(runsAs())
                        .contributors(Contributors.of(clone, promotion))
                        .excluded(policy, target());
    }

    private static ChangeResult nothingToDo(Promotion promotion) {
        Trailers trailers = Trailers.none();
        for (ImageReference image : promotion.images()) {
            trailers = trailers.with(Trailers.IMAGE, image + " -> " + image);
        }
        return new ChangeResult(false, promotion.sourceRevision(), trailers, List.of());
    }

    private static CommitInfo newestChange(ConfigRepository clone, FileTree files, String tip, Target source)
            throws RefusedException, IOException {
        List<CommitInfo> newest = clone.log(tip, TargetImages.imageFile(files, source), 1);
        return newest.isEmpty() ? null : newest.get(0);
    }

    /** By the same rule as a wait: what was never seen to run is not passed on. */
    private void requireLive(ConfigRepository clone, Promotion promotion, Delivery delivery, String revision)
            throws RefusedException, IOException {
        Target source = promotion.source();
        NamedAgents.require(source, delivery.agentPlace(source.environment()));
        Instant now = Instant.now();
        Expectation expectation = new Expectation(
                source,
                revision,
                promotion.images(),
                true,
                Instant.EPOCH,
                Duration.ZERO,
                delivery.imagePolicy(source.environment()));
        List<Snapshot> snapshots = Sources.snapshots(configuration(), source, now);
        Verdict verdict = AwaitDecision.decide(expectation, snapshots, new DesiredState(clone, expectation), now);
        if (!(verdict instanceof Verdict.Live)) {
            String why = snapshots.isEmpty() ? ": " + Sources.silence(configuration(), source, now) : "";
            throw new RefusedException(
                    source.id() + " is not live: " + oneLine(verdict.summary() + why),
                    verdict instanceof Verdict.Stalled
                            ? "Put that right first; waiting alone does not"
                            : "Await it with gitopsAwaitSync first");
        }
    }

    private void goOn(PromotionRequest request) throws Exception {
        tell(request);
        switch (request.getState()) {
            case PENDING -> ask(request);
            case APPROVED, PROMOTED -> {
                asking = false;
                binding().requireSame(request.getBinding());
                write(new Promote(
                        request.toPromotion(),
                        request.approvals(),
                        (policy, people) -> FourEyes.gate(request, policy, people),
                        shippingOrigin()));
            }
            case REJECTED -> fail(rejected(request));
            case CANCELLED -> fail(new AbortException(Messages.PromoteExecution_Cancelled(target())));
            default -> throw new IllegalStateException(request.getState().toString());
        }
    }

    private void ask(PromotionRequest request) throws Exception {
        if (!asking) {
            asking = true;
            pause(Messages.PromoteExecution_Pause());
            if (!isResumed()) {
                announce(request);
            }
            // First listen, then look again: a decision in between is not lost.
            PendingPromotions.get().listen(request.getId(), () -> onPool(this::decided));
            onPool(this::decided);
        }
        if (hasEnded()) {
            release();
        }
    }

    /** After each decision, one at a time. */
    private synchronized void decided() throws Exception {
        PromotionRequest request = PromotionAction.find(run(), operation());
        if (request == null || !asking) {
            return;
        }
        if (request.isPending()) {
            tell(request);
        } else {
            PendingPromotions.get().forget(request.getId());
            asking = false;
            goOn(request);
        }
    }

    private void announce(PromotionRequest request) throws IOException, InterruptedException {
        Run<?, ?> run = run();
        log(Messages.PromoteExecution_Asking(target(), String.join(", ", request.getImages()), request.getPolicy()));
        getContext()
                .get(TaskListener.class)
                .getLogger()
                .println(HyperlinkNote.encodeTo(
                        "/" + run.getUrl() + PromotionAction.URL + "/", Messages.PromoteExecution_Link()));
    }

    private void tell(PromotionRequest request) {
        List<PromotionDecision> decisions = request.getDecisions();
        for (PromotionDecision decision : decisions.subList(Math.min(told, decisions.size()), decisions.size())) {
            String comment = decision.getComment() == null ? "" : ": " + decision.getComment();
            log(
                    decision.isApproved()
                            ? Messages.PromoteExecution_ApprovedBy(decision.getUser(), comment)
                            : Messages.PromoteExecution_RejectedBy(decision.getUser(), comment));
        }
        told = decisions.size();
        if (request.isPending() && told > 0) {
            PendingPromotions.missing(request).ifPresent(m -> log(Messages.PromoteExecution_Missing(m)));
        }
    }

    private FlowInterruptedException rejected(PromotionRequest request) {
        PromotionDecision last =
                request.getDecisions().get(request.getDecisions().size() - 1);
        return StepInterruption.of(
                Result.ABORTED,
                new PromotionRejected(target(), last.getUser(), oneLine(String.valueOf(last.getComment()))));
    }

    @Override
    void recorded() throws IOException, InterruptedException {
        PromotionAction.promoted(run(), operation());
    }

    @Override
    void addTo(Map<String, Object> result, List<String> approvedBy) {
        result.put("approvedBy", new ArrayList<>(approvedBy));
    }

    @Override
    void release() throws IOException, InterruptedException {
        Run<?, ?> run = run();
        PromotionRequest request = PromotionAction.find(run, operation());
        if (request != null) {
            PendingPromotions.get().cancel(run, request.getId());
        }
    }

    @Override
    public String getStatus() {
        return asking ? "waiting for approval of " + target() : "promoting " + target() + " from " + from;
    }
}
