package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsJobProperty;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ImageChange;
import io.jenkins.plugins.gitops.core.change.OvertakenException;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.status.Freshness;
import io.jenkins.plugins.gitops.status.Repositories;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** A step that writes one commit. Holds a copy of every parameter: the step itself is gone after a restart. */
abstract class ChangeExecution extends GitopsStepExecution {
    private static final long serialVersionUID = 1L;
    private static final int SHORT = 8;

    private volatile String repository;
    private volatile String application;
    private final String environment;
    private final String reason;

    /** The change that was asked for last; null before. */
    private transient volatile CompletableFuture<ChangeResult> writing;

    /**
     * @param repository null: the one that the job means
     * @param application null: the one that the job means
     * @param environment the one that is written to
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
        this.reason = reason;
    }

    abstract ChangeRecord.Kind kind();

    /** What {@link #proceed} is for the others; the application is known. */
    abstract void change() throws Exception;

    @Override
    final void starting() throws Exception {
        GitopsJobProperty defaults = GitopsJobProperty.of(run());
        if (repository == null) {
            repository = defaults.getRepository();
        }
        if (application == null) {
            application = defaults.getApp();
        }
    }

    @Override
    final void proceed() throws Exception {
        if (application == null) {
            throw new RefusedException(
                    "No application was named", "Give app, or set it for the whole job with gitopsDefaults");
        }
        // After a restart there may be a commit already, whose result counts: then the check comes before a new one.
        if (!isResumed()) {
            requireAccess(run());
        }
        change();
    }

    private void requireAccess(Run<?, ?> run) throws RefusedException {
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

    final RepositoryConfiguration configuration() throws RefusedException {
        return GitopsConfiguration.get().repository(repository);
    }

    /** Cheap and without network. */
    final ConfigRepository open() throws RefusedException, IOException {
        return Repositories.get().open(configuration());
    }

    /** Writes; completes the step when the commit is there, or was there already. */
    final void write(ChangePlanner planner) throws Exception {
        Run<?, ?> run = run();
        ChangePlanner checked = tip -> {
            // Much may have happened since the start: people took their time, Jenkins restarted.
            // Plans run on threads that are nobody's.
            try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                requireAccess(run);
                WriteAccess.requirePolicy(run, configuration(), tip.files(), environment);
                return planner.plan(tip);
            }
        };
        Change change = new Change(operation(), requester().author(), checked);
        CompletableFuture<ChangeResult> submitted = open().submit(change, this::log);
        writing = submitted;
        submitted.whenComplete((result, problem) -> {
            if (problem == null) {
                // Also when the build was aborted meanwhile: what stands in Git is told.
                Repositories.get().pool().execute(() -> written(result));
            } else {
                fail(problem);
            }
        });
    }

    /** What still waits for the Git host is not written any more once the step was stopped. */
    @Override
    void release() throws IOException, InterruptedException {
        CompletableFuture<ChangeResult> submitted = writing;
        if (submitted != null) {
            submitted.cancel(false);
        }
    }

    /** Completes the step with what became of the change. */
    final void written(ChangeResult result) {
        try {
            complete(result);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (Exception | LinkageError e) {
            fail(result.changed() ? unrecorded(result, e) : e);
        }
    }

    /** What was written stays written, whatever came after it: nobody may take this failure for a change that failed. */
    private RefusedException unrecorded(ChangeResult result, Throwable problem) {
        String why = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
        return new RefusedException(
                        "Commit " + result.revision() + " was written to Git for " + target()
                                + ", but this build could not record it: " + why,
                        "It will be delivered; undo it with gitopsRollback in a new build if it is not wanted")
                .causedBy(problem);
    }

    private void complete(ChangeResult result) throws IOException, InterruptedException, RefusedException {
        RepositoryConfiguration configuration = configuration();
        ChangeRecord record = new ChangeRecord.Builder(kind(), operation())
                .target(configuration.getName(), application, environment)
                .written(result)
                .requestedBy(requester().id())
                .build(System.currentTimeMillis());
        DeliveryAction.record(run(), record);
        recorded();
        Freshness.get().moved(configuration);
        log(sentence(result, ImageChange.of(result.trailers())));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("changed", result.changed());
        map.put("revision", result.revision());
        map.put("previous", String.join(", ", record.getPrevious()));
        map.put("files", new ArrayList<>(result.files()));
        map.put("operation", operation());
        addTo(map, record.getApprovedBy());
        succeed(map);
    }

    /** Called when the run remembers the change, before the step completes. */
    void recorded() throws IOException, InterruptedException {}

    /** What a kind of step returns beyond the others. */
    void addTo(Map<String, Object> result, List<String> approvedBy) {}

    private String sentence(ChangeResult result, List<ImageChange> images) {
        String list = images.stream()
                .map(i -> result.changed() || i.to() == null ? i.toString() : i.to().toString())
                .collect(Collectors.joining(", "));
        return result.changed()
                ? Messages.ChangeExecution_Written(target(), list, brief(result.revision()))
                : unchanged(list, brief(result.revision()));
    }

    /** The log's line when there was nothing to write. */
    String unchanged(String images, String revision) {
        return Messages.ChangeExecution_Unchanged(target(), images, revision);
    }

    @Override
    String meantRepository() throws RefusedException {
        return configuration().getName();
    }

    @Override
    Exception refused(RefusedException refusal) {
        return refusal instanceof OvertakenException
                ? new FlowInterruptedException(Result.NOT_BUILT, false, new Overtaken(target(), refusal.getMessage()))
                : super.refused(refusal);
    }

    static String brief(String revision) {
        return revision.length() > SHORT ? revision.substring(0, SHORT) : revision;
    }

    @Override
    public String getStatus() {
        return "writing " + target() + " to git";
    }
}
