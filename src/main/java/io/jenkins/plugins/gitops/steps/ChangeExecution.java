package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsJobProperty;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.ImageChange;
import io.jenkins.plugins.gitops.core.change.StaleBuildException;
import io.jenkins.plugins.gitops.core.delivery.OtherBranchException;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.promotion.BuildParticipants;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** A step that writes one commit. Copies every parameter, since the step object does not survive a restart. */
abstract class ChangeExecution extends GitopsStepExecution {
    private static final long serialVersionUID = 1L;

    private volatile String repository;
    /**
     * The repository at the start of the step, the only one that it may write to; null when it could not be determined.
     */
    private volatile RepositoryBinding binding;

    private volatile String application;
    private final String environment;
    private final String reason;
    /** Whether the change was planned on a branch that the target is no longer on. */
    private transient volatile boolean moved;

    /**
     * @param repository null for the default of the job
     * @param application null for the default of the job
     * @param environment to be changed
     */
    ChangeExecution(
            StepContext context,
            @CheckForNull String repository,
            @CheckForNull String application,
            String environment,
            @CheckForNull String reason) {
        super(context);
        this.repository = repository;
        this.application = application;
        this.environment = environment;
        this.reason = TextSanitizer.lineOrNull(reason);
    }

    abstract ChangeRecord.ChangeKind kind();

    /** The work of the step, as {@link #runStep}, when the names are valid and access is checked. */
    abstract void change() throws Exception;

    @Override
    final void beforeStart() throws Exception {
        GitopsJobProperty defaults = GitopsJobProperty.of(run());
        if (repository == null) {
            repository = defaults.getRepository();
        }
        if (application == null) {
            application = defaults.getApp();
        }
        try {
            binding = resolve();
        } catch (UserErrorException e) {
            // It is resolved again on the pool: an exception here would be logged with its stack trace.
            binding = null;
        }
    }

    @Override
    final void runStep() throws Exception {
        requireNames();
        if (binding == null) {
            binding = resolve();
        }
        if (application == null) {
            throw new UserErrorException(
                    "No application was named", "Give app, or set it for the whole job with gitopsDefaults");
        }
        // After a restart, the commit may already exist and its result counts; so write() checks before a new commit.
        if (!isResumed()) {
            requireAccess(run());
        }
        change();
    }

    private RepositoryBinding resolve() throws UserErrorException, IOException, InterruptedException {
        return RepositoryBinding.of(GitopsConfiguration.get().repository(repository, run().getParent()));
    }

    /** Rejects names that are not clean. They are not sanitized, since the result would name another target. */
    private void requireNames() throws UserErrorException {
        for (String name : new String[] {repository, application, environment}) {
            if (name != null && !TextSanitizer.isClean(name)) {
                throw new UserErrorException(
                        "\"" + name + "\" is not a valid name",
                        "Remove control characters, leading and trailing spaces and text direction marks");
            }
        }
    }

    private void requireAccess(Run<?, ?> run) throws UserErrorException {
        WriteAccess.requirePermission(
                run,
                runsAs(),
                switch (kind()) {
                    case SET_IMAGE -> GitopsPermissions.SET_IMAGE;
                    case PROMOTION -> GitopsPermissions.PROMOTE;
                    case ROLLBACK -> GitopsPermissions.ROLLBACK;
                });
        WriteAccess.requireLimits(run, configuration().getName(), application, environment);
    }

    final String application() {
        return application;
    }

    final String environment() {
        return environment;
    }

    final String target() {
        return application + "/" + environment;
    }

    @CheckForNull
    final String reason() {
        return reason;
    }

    /** The repository of this step. */
    final RepositoryBinding binding() {
        binding = binding.withKnownBranch();
        return binding;
    }

    /** @throws UserErrorException when the name refers to another repository now */
    final RepositoryConfiguration configuration() throws UserErrorException {
        return binding().current();
    }

    /** The branch of the target by the policy as it was last fetched; no network. */
    private RepositoryConfiguration targetBranch() throws UserErrorException, IOException {
        return RepositoryBranches.of(configuration(), application, environment);
    }

    /** The same; null if it is known only after a fetch. */
    @CheckForNull
    private RepositoryConfiguration knownTargetBranch() throws UserErrorException, IOException {
        if (ConfigRepositories.get().open(configuration()).tip().isEmpty()) {
            return null;
        }
        try {
            return targetBranch();
        } catch (UserErrorException outdated) {
            return null;
        }
    }

    /** The metadata including the authors of the shipped changes. Reads builds from the disk. */
    final ChangeMetadata metadataWithAuthors() throws IOException, InterruptedException {
        ChangeMetadata origin = changeMetadata(reason);
        return new ChangeMetadata(
                origin.operationId(),
                origin.build(),
                origin.requestedBy(),
                origin.reason(),
                BuildParticipants.of(run()).authorNames());
    }

    /** Whether people approved the change, so that it is retried for as long as Git is unavailable. */
    boolean isApproved() {
        return false;
    }

    /** Writes the change; completes the step when the commit has been pushed or already existed. */
    final void write(ChangePlanner planner) throws Exception {
        RepositoryConfiguration branch = knownTargetBranch();
        if (branch != null) {
            write(planner, branch);
            return;
        }
        new RetryingFetch(configuration(), this::hasEnded, this::log).start().whenComplete((tip, problem) -> {
            if (problem == null) {
                runInBackground(() -> write(planner, targetBranch()));
            } else {
                notWritten(planner, problem);
            }
        });
    }

    private void write(ChangePlanner planner, RepositoryConfiguration branch) throws Exception {
        Run<?, ?> run = run();
        ChangePlanner checked = planner.after(tip -> {
                    // Check again, since much may have changed since the start: approvals took time, Jenkins restarted.
                    // As system, since plans run on threads without an identity.
                    try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                        requireAccess(run);
                        WriteAccess.requirePolicy(run, configuration(), tip.files(), environment);
                    }
                })
                .before((tip, plan) -> {
                    try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                        WriteAccess.requireOthers(run, configuration(), tip.files(), application, environment, plan);
                    }
                });
        Change change = new ConfiguredCommits(configuration())
                .change(
                        changeMetadata(reason),
                        requester().fullName(),
                        ConfiguredCommits.branch(run),
                        checked,
                        this::log);
        writing().submit(ConfigRepositories.get().open(branch), change).whenComplete((result, problem) -> {
            if (problem == null) {
                // Record the result even if the build was aborted meanwhile, since the commit is in Git.
                ConfigRepositories.get().pool().execute(() -> written(result, branch));
            } else {
                notWritten(planner, problem);
            }
        });
    }

    private void notWritten(ChangePlanner planner, Throwable problem) {
        if (unwrap(problem) instanceof OtherBranchException && kind() != ChangeRecord.ChangeKind.PROMOTION && !moved) {
            // The plan has fetched the policy, which names another branch now.
            moved = true;
            runInBackground(() -> write(planner));
        } else if (!isApproved() || !writing().retry(problem, target(), () -> write(planner))) {
            fail(problem);
        }
    }

    /**
     * Completes the step with the result of the change.
     *
     * @param branch of the target
     */
    final void written(ChangeResult result, RepositoryConfiguration branch) {
        try {
            complete(result, branch);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (Exception | LinkageError e) {
            fail(result.changed() ? unrecorded(result, e) : e);
        }
    }

    /** The commit exists although the step fails: the message must not suggest that the change failed. */
    private UserErrorException unrecorded(ChangeResult result, Throwable problem) {
        String why = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        return new UserErrorException(
                        "Commit " + result.revision() + " was written to Git for " + target()
                                + ", but this build could not record it: " + why,
                        "It will be deployed; to undo it, run gitopsRollback in a new build")
                .causedBy(problem);
    }

    private void complete(ChangeResult result, RepositoryConfiguration branch)
            throws IOException, InterruptedException, UserErrorException {
        ChangeRecord record = new ChangeRecord.Builder(kind(), operation())
                .target(binding(), application, environment)
                .on(branch)
                .written(result)
                .requestedBy(requester().id())
                .build(System.currentTimeMillis());
        GitopsChangesAction.record(run(), record);
        recorded();
        binding.find().ifPresent(configured -> RepositoryFetcher.get().moved(branch));
        log(sentence(result, ImageChange.of(result.trailers())));
        result.warnings().forEach(this::log);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("changed", result.changed());
        map.put("revision", result.revision());
        map.put("previous", String.join(", ", record.getPrevious()));
        map.put("files", new ArrayList<>(result.files()));
        map.put("operation", operation());
        addTo(map, record.getApprovedBy());
        CompletableFuture<Void> rest = beforeSuccess(result);
        if (rest.isDone()) {
            succeed(map);
        } else {
            rest.whenCompleteAsync(
                    (done, problem) -> succeed(map), ConfigRepositories.get().pool());
        }
    }

    /** Called after the change is recorded in the run, before the step completes. */
    void recorded() throws IOException, InterruptedException {}

    /** Called after the result is logged. The step succeeds when the returned future completes, also exceptionally. */
    CompletableFuture<Void> beforeSuccess(ChangeResult result) {
        return CompletableFuture.completedFuture(null);
    }

    /** Adds the values that only this kind of step returns. */
    void addTo(Map<String, Object> result, List<String> approvedBy) {}

    private String sentence(ChangeResult result, List<ImageChange> images) {
        String list = images.stream()
                .map(i -> result.changed() ? i.toString() : found(i))
                .collect(Collectors.joining(", "));
        return result.changed()
                ? Messages.ChangeExecution_Written(target(), list, ShortRevision.of(result.revision()))
                : unchanged(list, ShortRevision.of(result.revision()));
    }

    private static String found(ImageChange image) {
        ImageReference to = image.to();
        return to == null ? image.toString() : to.toString();
    }

    /** The log line when there was nothing to change. */
    String unchanged(String images, String revision) {
        return Messages.ChangeExecution_Unchanged(target(), images, revision);
    }

    @CheckForNull
    @Override
    String repositoryOrNull() {
        return binding == null ? null : binding.getName();
    }

    @Override
    Exception userError(UserErrorException refusal) {
        return refusal instanceof StaleBuildException
                ? StepInterruption.of(Result.NOT_BUILT, new StaleBuildCause(target(), refusal.getMessage()))
                : super.userError(refusal);
    }

    @Override
    public String getStatus() {
        return "writing " + target() + " to Git";
    }
}
