package io.jenkins.plugins.gitops.agent.demo;

import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.CloneGitFacts;
import io.jenkins.plugins.gitops.core.await.CommitCache;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.StabilityWindow;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.ImageChange;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.PromotionPlan;
import io.jenkins.plugins.gitops.core.change.PromotionPlanner;
import io.jenkins.plugins.gitops.core.change.RollbackPlanner;
import io.jenkins.plugins.gitops.core.change.SetImagePlanner;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Does what the Pipeline steps do, without Jenkins: the same planners and the same await decision, on one thread. */
public final class DemoPipeline {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private final ConfigRepository repository;
    private final ReportReceiver reports;
    private final Author author;
    private final Consumer<String> progress;

    /**
     * Creates a pipeline.
     *
     * @param author the requester of the changes
     * @param progress receives a line whenever the reason for waiting changes
     */
    public DemoPipeline(ConfigRepository repository, ReportReceiver reports, Author author, Consumer<String> progress) {
        this.repository = repository;
        this.reports = reports;
        this.author = author;
        this.progress = progress;
    }

    /** Sets the tag of the target's only image. */
    public ChangeResult setImage(String application, String environment, String tag)
            throws UserErrorException, IOException, InterruptedException {
        return submit(
                changeMetadata -> new SetImagePlanner(
                        application, environment, new ImageRequest(null, tag, null), changeMetadata),
                null);
    }

    /** Returns what a promotion would change at the newest revision. */
    public PromotionPlan prepare(String application, String from, String to) throws UserErrorException, IOException {
        String tip = repository.fetch();
        return PromotionPlan.prepare(repository.files(tip), tip, application, from, to);
    }

    /** Commits a promotion with the given approvals. */
    public ChangeResult promote(PromotionPlan promotionPlan, List<Approval> approvals)
            throws UserErrorException, IOException, InterruptedException {
        return submit(
                changeMetadata -> new PromotionPlanner(
                        promotionPlan,
                        approvals,
                        (policy, people) -> new ApprovalGate(
                                policy, Set.of(author.name()), UnaryOperator.identity(), UnaryOperator.identity()),
                        changeMetadata),
                null);
    }

    /** Rolls a target back to its previous images and holds it. */
    public ChangeResult rollback(String application, String environment, String reason)
            throws UserErrorException, IOException, InterruptedException {
        return submit(
                changeMetadata -> new RollbackPlanner(application, environment, null, true, changeMetadata), reason);
    }

    /** Waits until a change is live, or can no longer become live. */
    public Verdict await(String application, String environment, ChangeResult change, Duration atMost)
            throws UserErrorException, IOException, InterruptedException {
        Target target = Delivery.load(repository.files(change.revision())).target(application, environment);
        List<ImageReference> images = ImageChange.of(change.trailers()).stream()
                .map(ImageChange::to)
                .filter(Objects::nonNull)
                .toList();
        return await(new Expectation(target, change.revision(), images, true), atMost);
    }

    /** Waits until the verdict on an expectation is final. Returns the last reason for waiting on timeout. */
    public Verdict await(Expectation expectation, Duration atMost)
            throws UserErrorException, IOException, InterruptedException {
        Instant end = Instant.now().plus(atMost);
        String last = "";
        StabilityWindow stabilityWindow = new StabilityWindow();
        CommitCache memory = new CommitCache();
        Verdict verdict;
        do {
            Instant now = Instant.now();
            List<AgentSnapshot> snapshots = reports.snapshots(expectation.target());
            CloneGitFacts git = new CloneGitFacts(repository, expectation, memory);
            verdict = stabilityWindow.confirm(
                    AwaitDecision.decide(expectation, snapshots, git, now), snapshots, expectation, now);
            if (!verdict.summary().equals(last)) {
                last = verdict.summary();
                progress.accept(expectation.target() + ": " + last);
            }
            if (verdict instanceof Verdict.Waiting) {
                reports.awaitReport(POLL_INTERVAL);
            }
        } while (verdict instanceof Verdict.Waiting && Instant.now().isBefore(end));
        return verdict;
    }

    private ChangeResult submit(Function<ChangeMetadata, ChangePlanner> planner, String reason)
            throws UserErrorException, IOException, InterruptedException {
        String operation = UUID.randomUUID().toString();
        ChangeMetadata changeMetadata = new ChangeMetadata(operation, "demo", author.name(), reason);
        Change change = new Change(operation, author, planner.apply(changeMetadata));
        try {
            return repository.submit(change).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserErrorException refused) {
                throw refused;
            }
            throw new IOException("The change could not be written", e.getCause());
        }
    }
}
