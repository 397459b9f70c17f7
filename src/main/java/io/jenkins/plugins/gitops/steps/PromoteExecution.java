package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.console.HyperlinkNote;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.CloneGitFacts;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.change.Contributors;
import io.jenkins.plugins.gitops.core.change.PromotionPlan;
import io.jenkins.plugins.gitops.core.change.PromotionPlanner;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.promotion.BuildParticipants;
import io.jenkins.plugins.gitops.promotion.ExcludedPeople;
import io.jenkins.plugins.gitops.promotion.FourEyes;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionAction;
import io.jenkins.plugins.gitops.promotion.PromotionDecision;
import io.jenkins.plugins.gitops.promotion.PromotionRejectedCause;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.status.StatusSources;
import io.jenkins.plugins.gitops.status.report.AgentReferenceCheck;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Checks the promotion, requests approval, then writes it. Its progress is only in the run's {@link PromotionAction}:
 * the request is stored there before anything is written, and a restart continues from that state.
 */
final class PromoteExecution extends ChangeExecution {
    private static final long serialVersionUID = 1L;

    private final String from;
    private final String image;
    private final ArrayList<String> images;
    /** Number of decisions that are already in the build's log. */
    private volatile int decisionsLogged;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "false after a restart, so that the step listens again")
    private transient volatile boolean asking;

    PromoteExecution(GitopsPromoteStep step, StepContext context) {
        super(context, step.getRepository(), step.getApp(), step.getTo(), step.getReason());
        this.from = step.getFrom();
        this.image = step.getImage();
        List<String> selected = step.getImages();
        this.images = selected == null ? null : new ArrayList<>(selected);
    }

    @Override
    ChangeRecord.ChangeKind kind() {
        return ChangeRecord.ChangeKind.PROMOTION;
    }

    /** A promotion stays open once requested, until it is written, finally rejected, or the step ends. */
    @Override
    boolean isApproved() {
        return true;
    }

    @Override
    void change() throws Exception {
        PromotionRequest request = PromotionAction.find(run(), operation());
        if (request == null) {
            RepositoryConfiguration policy = configuration();
            afterFetch(policy, (clone, tip) -> prepare(new FetchedBranch(policy, clone, tip)));
        } else {
            resume(request);
        }
    }

    /** Fetches the branches of both targets by the fetched policy. */
    private void prepare(FetchedBranch policy) throws Exception {
        RepositoryConfiguration from = RepositoryBranches.of(policy.repository(), application(), this.from);
        RepositoryConfiguration to = RepositoryBranches.of(policy.repository(), application(), environment());
        withBranch(
                from,
                policy,
                source ->
                        withBranch(to, to.equals(from) ? source : policy, destination -> prepare(source, destination)));
    }

    /** Work that reads a branch. */
    private interface BranchWork {
        void run(FetchedBranch branch) throws Exception;
    }

    /**
     * Runs work on a branch at its tip. Must be the caller's last action.
     *
     * @param fetched a branch that has just been fetched, perhaps the same
     */
    private void withBranch(RepositoryConfiguration branch, FetchedBranch fetched, BranchWork work) throws Exception {
        if (branch.equals(fetched.repository())) {
            work.run(fetched);
        } else {
            afterFetch(branch, (clone, tip) -> work.run(new FetchedBranch(branch, clone, tip)));
        }
    }

    /** A branch at its tip. */
    private record FetchedBranch(RepositoryConfiguration repository, ConfigRepository opened, String tip) {
        FileTree files() throws IOException {
            return opened.files(tip);
        }
    }

    private void prepare(FetchedBranch source, FetchedBranch destination) throws Exception {
        FileTree there = source.files();
        FileTree files = source.repository().equals(destination.repository()) ? there : destination.files();
        // Check first, so that no approval is requested for a change that could not be written afterwards.
        WriteAccess.requirePolicy(run(), configuration(), files, environment());
        PromotionPlan promotionPlan = PromotionPlan.prepare(
                there, source.tip(), files, application(), from, environment(), GitopsImagesStep.names(image, images));
        if (!promotionPlan.isNeeded()) {
            written(nothingToDo(promotionPlan, destination.tip()), destination.repository());
            return;
        }
        CommitInfo newest = newestChange(source.opened(), there, source.tip(), promotionPlan.source());
        requireLive(
                source.opened(),
                promotionPlan,
                Delivery.load(there),
                newest == null ? source.tip() : newest.revision());
        PromotionRequest request = new PromotionRequest(
                operation(),
                binding(),
                promotionPlan,
                requester().id(),
                excluded(destination, promotionPlan),
                reason());
        PromotionAction.add(run(), request);
        resume(request);
    }

    /** Reads builds, and queries the security realm. */
    private ExcludedPeople excluded(FetchedBranch destination, PromotionPlan promotionPlan) throws Exception {
        ApprovalPolicy policy = promotionPlan.approval();
        return policy == null
                ? new ExcludedPeople.Builder().build(false)
                : new FourEyes(BuildParticipants.of(run()))
                        .runsAs(runsAs())
                        .contributors(Contributors.of(
                                destination.opened(),
                                destination.tip(),
                                promotionPlan,
                                RepositoryBranches.revisions(configuration())))
                        .excluded(policy, target());
    }

    private static ChangeResult nothingToDo(PromotionPlan promotionPlan, String tip) {
        Trailers trailers = Trailers.none();
        for (ImageReference image : promotionPlan.images()) {
            trailers = trailers.with(Trailers.IMAGE, image + " -> " + image);
        }
        return new ChangeResult(false, tip, trailers, List.of());
    }

    private static CommitInfo newestChange(ConfigRepository clone, FileTree files, String tip, Target source)
            throws UserErrorException, IOException {
        return TargetHistory.newestCommit(clone, files, tip, source).orElse(null);
    }

    /** Uses the same rule as a wait: images that were never live in the source are not promoted. */
    private void requireLive(ConfigRepository clone, PromotionPlan promotionPlan, Delivery delivery, String revision)
            throws UserErrorException, IOException {
        Target source = promotionPlan.source();
        AgentReferenceCheck.require(source, delivery.agentLocation(source.environment()));
        Instant now = Instant.now();
        Expectation expectation = new Expectation(
                source,
                revision,
                promotionPlan.sourceImages(),
                true,
                Instant.EPOCH,
                Duration.ZERO,
                delivery.imagePolicy(source.environment()));
        List<AgentSnapshot> snapshots = StatusSources.snapshots(configuration(), source, now);
        Verdict verdict = AwaitDecision.decide(expectation, snapshots, new CloneGitFacts(clone, expectation), now);
        if (!(verdict instanceof Verdict.Live)) {
            String why = snapshots.isEmpty() ? ": " + StatusSources.silenceReasons(configuration(), source, now) : "";
            throw new UserErrorException(
                    source.id() + " is not live: " + oneLine(verdict.summary() + why),
                    verdict instanceof Verdict.Stalled
                            ? "Fix the cause first; waiting does not help"
                            : "Wait for it with gitopsAwaitSync first");
        }
    }

    private void resume(PromotionRequest request) throws Exception {
        logDecisions(request);
        switch (request.getState()) {
            case PENDING -> requestApproval(request);
            case APPROVED, PROMOTED -> {
                asking = false;
                binding().requireSame(request.getBinding());
                write(new PromotionPlanner(
                        request.toPromotion(),
                        request.approvals(),
                        (policy, people) -> FourEyes.gate(request, policy, people),
                        RepositoryBranches.revisions(configuration()),
                        metadataWithAuthors()));
            }
            case REJECTED -> fail(rejected(request));
            case CANCELLED -> fail(new AbortException(Messages.PromoteExecution_Cancelled(target())));
            default -> throw new IllegalStateException(request.getState().toString());
        }
    }

    private void requestApproval(PromotionRequest request) throws Exception {
        if (!asking) {
            asking = true;
            pause(Messages.PromoteExecution_Pause());
            if (!isResumed()) {
                announce(request);
            }
            // Listen first, then check the state, so that no decision in between is missed.
            PendingPromotions.get().listen(request.getId(), () -> runInBackground(this::decided));
            runInBackground(this::decided);
        }
        if (hasEnded()) {
            releaseResources();
        }
    }

    /** Called after each decision; synchronized, since decisions may arrive concurrently. */
    private synchronized void decided() throws Exception {
        PromotionRequest request = PromotionAction.find(run(), operation());
        if (request == null || !asking) {
            return;
        }
        if (request.isPending()) {
            logDecisions(request);
        } else {
            PendingPromotions.get().forget(request.getId());
            asking = false;
            resume(request);
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

    private void logDecisions(PromotionRequest request) {
        List<PromotionDecision> decisions = request.getDecisions();
        for (PromotionDecision decision :
                decisions.subList(Math.min(decisionsLogged, decisions.size()), decisions.size())) {
            String comment = decision.getComment() == null ? "" : ": " + decision.getComment();
            log(
                    decision.isApproved()
                            ? Messages.PromoteExecution_ApprovedBy(decision.getUser(), comment)
                            : Messages.PromoteExecution_RejectedBy(decision.getUser(), comment));
        }
        decisionsLogged = decisions.size();
        if (request.isPending() && decisionsLogged > 0) {
            PendingPromotions.missing(request).ifPresent(m -> log(Messages.PromoteExecution_Missing(m)));
        }
    }

    private FlowInterruptedException rejected(PromotionRequest request) {
        PromotionDecision last =
                request.getDecisions().get(request.getDecisions().size() - 1);
        return StepInterruption.of(
                Result.ABORTED,
                new PromotionRejectedCause(target(), last.getUser(), oneLine(String.valueOf(last.getComment()))));
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
    void releaseResources() throws IOException, InterruptedException {
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
