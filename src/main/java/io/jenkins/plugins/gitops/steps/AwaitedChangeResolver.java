package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsJobProperty;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.ParallelPosition;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.CloneReader;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.status.report.AgentReferenceCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Determines the changes that a step waits for. May use the network, but blocks no thread. */
final class AwaitedChangeResolver {
    private static final Pattern REVISION = Pattern.compile("[0-9a-f]{40}");

    /** Updates a clone, and returns its new tip. */
    interface Fetch {
        CompletableFuture<String> of(RepositoryConfiguration repository);
    }

    private final Run<?, ?> run;
    private final String runsAs;
    private final FlowNode step;
    private final String app;
    private final String env;
    private final String revision;
    private final String repository;
    /** The application and repository to use where the step names none but needs one. */
    private final GitopsJobProperty defaults;

    private final Fetch fetch;

    /**
     * @param runsAs name of the identity that the build runs as; null for the system
     * @param step node of the waiting step
     */
    AwaitedChangeResolver(
            Run<?, ?> run,
            @CheckForNull String runsAs,
            FlowNode step,
            @CheckForNull String app,
            @CheckForNull String env,
            @CheckForNull String revision,
            @CheckForNull String repository,
            Fetch fetch) {
        this.run = run;
        this.runsAs = runsAs;
        this.step = step;
        this.app = app;
        this.env = env;
        this.revision = revision;
        this.repository = repository;
        this.defaults = GitopsJobProperty.of(run);
        this.fetch = fetch;
    }

    /**
     * @return the changes to wait for; empty when all changes of this run are already known to be live; fails with
     *     {@link UserErrorException} when the repository cannot be read or does not contain the target or revision
     * @throws UserErrorException when there is no change to wait for, or the build may not see the target
     * @throws IOException when the flow graph of the run cannot be read
     */
    CompletableFuture<List<AwaitedChange>> find() throws UserErrorException, IOException {
        if (revision != null) {
            return atRevision().thenApply(List::of);
        }
        List<ChangeRecord> own = own();
        if (own.isEmpty()) {
            return newestOfTarget().thenApply(List::of);
        }
        List<CompletableFuture<AwaitedChange>> awaited = new ArrayList<>();
        for (ChangeRecord change : own) {
            // A step that names a target asks for its current state; one that names none asks for the changes still
            // pending.
            if (app != null || change.getOutcome() != ChangeRecord.Outcome.LIVE) {
                awaited.add(of(change));
            }
        }
        return CompletableFuture.allOf(awaited.toArray(CompletableFuture[]::new))
                .thenApply(all -> awaited.stream().map(CompletableFuture::join).toList());
    }

    /** The newest change of each target that the step may refer to. */
    private List<ChangeRecord> own() throws IOException {
        GitopsChangesAction action = GitopsChangesAction.find(run);
        if (action == null) {
            return List.of();
        }
        List<ChangeRecord> changes = action.getChanges().stream()
                .filter(c -> c.isAbout(repository, app, env))
                .toList();
        // A named application refers to its changes in any parallel branch; otherwise only the current branch counts.
        return GitopsChangesAction.newest(app == null ? ofBranch(changes) : changes);
    }

    private List<ChangeRecord> ofBranch(List<ChangeRecord> changes) throws IOException {
        ParallelPosition here = ParallelPositions.of(step);
        Map<String, ParallelPosition> positions = new HashMap<>();
        for (ChangeRecord change : changes) {
            positions.put(change.getOperation(), ParallelPositions.of(step.getExecution(), change.getNode()));
        }
        return here.ownBranch(changes, change -> positions.get(change.getOperation()));
    }

    private CompletableFuture<AwaitedChange> of(ChangeRecord change) throws UserErrorException {
        RepositoryConfiguration configuration = change.repositoryNow();
        boolean known = ConfigRepositories.get().open(configuration).contains(change.getRevision());
        CompletableFuture<String> ready = known ? CompletableFuture.completedFuture(null) : fetch.of(configuration);
        return policyOf(configuration)
                .thenCompose(policy -> ready)
                .thenCompose(fetched -> CloneReader.read(configuration, clone -> {
                    Delivery delivery = Delivery.load(clone.files(change.getRevision()));
                    return awaited(
                            configuration,
                            delivery,
                            delivery.target(change.getApplication(), change.getEnvironment()),
                            change.getOperation(),
                            change.getRevision(),
                            change.getImages());
                }));
    }

    private CompletableFuture<AwaitedChange> atRevision() throws UserErrorException {
        requireTarget();
        if (!REVISION.matcher(revision).matches()) {
            throw new UserErrorException(
                    "\"" + revision + "\" is not a revision", "Give all 40 hex digits, as gitopsSetImage returns them");
        }
        return branch(visible()).thenCompose(this::atRevision);
    }

    private CompletableFuture<AwaitedChange> atRevision(RepositoryConfiguration configuration) {
        // Avoid the network if the clone already contains the revision: thousands of steps may wait for one commit.
        return CloneReader.read(configuration, clone -> isOn(clone, clone.tip().orElse(null)))
                .thenCompose(known -> known ? CompletableFuture.completedFuture(null) : fetch.of(configuration))
                .thenCompose(fetched -> CloneReader.read(configuration, clone -> atRevision(configuration, clone)));
    }

    private AwaitedChange atRevision(RepositoryConfiguration configuration, ConfigRepository clone)
            throws UserErrorException, IOException {
        if (!isOn(clone, clone.tip().orElse(null))) {
            throw new UserErrorException(
                    revision + " is not on branch " + clone.branch() + " of " + clone.url(),
                    "Give a revision of that branch");
        }
        Delivery delivery = Delivery.load(clone.files(revision));
        return awaited(configuration, delivery, delivery.target(application(), env), null, revision, List.of());
    }

    private static AwaitedChange awaited(
            RepositoryConfiguration configuration,
            Delivery delivery,
            Target target,
            @CheckForNull String operation,
            String revision,
            List<String> images)
            throws UserErrorException {
        AgentReferenceCheck.require(target, delivery.agentLocation(target.environment()));
        return new AwaitedChange(
                RepositoryBinding.of(configuration.policy()),
                operation,
                target,
                revision,
                images,
                delivery.imagePolicy(target.environment()));
    }

    /** Fetches the branch of the policy if that has never been fetched, since no other branch can be read without it. */
    private CompletableFuture<String> policyOf(RepositoryConfiguration configuration) throws UserErrorException {
        Optional<String> known =
                ConfigRepositories.get().open(configuration.policy()).tip();
        return known.isPresent() ? CompletableFuture.completedFuture(known.get()) : fetch.of(configuration.policy());
    }

    /** The branch of the target, by the policy as it was last fetched. */
    private CompletableFuture<RepositoryConfiguration> branch(RepositoryConfiguration configuration)
            throws UserErrorException {
        return policyOf(configuration).thenCompose(tip -> knownBranch(configuration));
    }

    private CompletableFuture<RepositoryConfiguration> knownBranch(RepositoryConfiguration configuration) {
        return CloneReader.read(configuration, clone -> RepositoryBranches.of(configuration, application(), env));
    }

    private boolean isOn(ConfigRepository clone, @CheckForNull String tip) throws IOException {
        return tip != null && clone.contains(revision) && clone.isAncestor(revision, tip);
    }

    /** The last change of a target by another build or a person. */
    private CompletableFuture<AwaitedChange> newestOfTarget() throws UserErrorException {
        requireTarget();
        RepositoryConfiguration configuration = visible();
        return fetch.of(configuration).thenCompose(tip -> knownBranch(configuration)
                .thenCompose(branch -> branch.isOfEnvironment()
                        ? fetch.of(branch).thenCompose(newest -> newestOfTarget(branch, newest))
                        : newestOfTarget(branch, tip)));
    }

    private CompletableFuture<AwaitedChange> newestOfTarget(RepositoryConfiguration branch, String tip) {
        return CloneReader.read(branch, clone -> newestOfTarget(branch, clone, tip));
    }

    private AwaitedChange newestOfTarget(RepositoryConfiguration configuration, ConfigRepository clone, String tip)
            throws UserErrorException, IOException {
        FileTree files = clone.files(tip);
        Delivery delivery = Delivery.load(files);
        Target target = delivery.target(application(), env);
        String newest = TargetHistory.newestCommit(clone, files, tip, target)
                .map(CommitInfo::revision)
                .orElse(tip);
        return awaited(configuration, delivery, target, null, newest, List.of());
    }

    @CheckForNull
    private String application() {
        return app == null ? defaults.getApp() : app;
    }

    /** The repository of the named target; checks that the build may see the target. */
    private RepositoryConfiguration visible() throws UserErrorException {
        RepositoryConfiguration configuration = GitopsConfiguration.get()
                .repository(repository == null ? defaults.getRepository() : repository, run.getParent());
        if (isOwn(configuration.getName())) {
            WriteAccess.requireLimits(run, configuration.getName(), application(), env);
        } else {
            WriteAccess.requireView(run, runsAs, configuration.getName(), application(), env);
        }
        return configuration;
    }

    /** Whether this run changed the target, by any of its commits. */
    private boolean isOwn(String repositoryName) {
        GitopsChangesAction action = GitopsChangesAction.find(run);
        return action != null
                && action.getChanges().stream().anyMatch(c -> c.isAbout(repositoryName, application(), env));
    }

    private String place() {
        return ParallelPositions.of(step).branches().isEmpty() ? "" : " in this branch of parallel or before it";
    }

    private void requireTarget() throws UserErrorException {
        if (application() == null || env == null) {
            throw new UserErrorException(
                    revision != null
                            ? "A revision does not identify the target to wait for"
                            : "This build has changed nothing" + (app == null ? place() : " of " + app),
                    "Give app and env");
        }
    }
}
