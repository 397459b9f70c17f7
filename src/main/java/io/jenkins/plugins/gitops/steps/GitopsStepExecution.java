package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.console.HyperlinkNote;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsJobProperty;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.delivery.UnknownNameException;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.status.AgentLink;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.springframework.security.core.Authentication;

/**
 * Common base class of the steps' executions. {@link #start} and {@link #onResume} only submit {@link #runStep} to the
 * plugin's pool, so that the Pipeline's thread never waits for Git or the disk; between callbacks, a step consists only
 * of its fields, which are plain data. It completes once. Work that fails because Jenkins shuts down does not fail the
 * build: it continues after the restart.
 */
abstract class GitopsStepExecution extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(GitopsStepExecution.class.getName());
    private static final AtomicIntegerFieldUpdater<GitopsStepExecution> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(GitopsStepExecution.class, "ended");

    private volatile String operation;
    /** Name of the identity that the build runs as; null for the system. */
    private volatile String runsAs;
    /** 0, or 1 when ended; 0 again after a restart, since only unfinished steps are resumed. */
    private transient volatile int ended;

    private transient volatile boolean resumed;

    /** Null until something is written. */
    private transient RetryingWrite write;

    GitopsStepExecution(StepContext context) {
        super(context);
    }

    /** Work for the pool. */
    interface Work {
        void run() throws Exception;
    }

    /** Work that reads the clone of a repository at the tip of a fetch. */
    interface FetchedWork {
        void run(ConfigRepository clone, String tip) throws Exception;
    }

    /** Called first, on the Pipeline's thread, to determine what must not change after the first start. No I/O. */
    void beforeStart() throws Exception {}

    /** The work of the step, on the pool; called again after each restart until the step has completed. */
    abstract void runStep() throws Exception;

    /** Called once on the pool after the step has completed or was stopped: unregisters its listeners and waits. */
    void releaseResources() throws Exception {}

    @Override
    public final boolean start() throws Exception {
        Run<?, ?> run = getContext().get(Run.class);
        FlowNode node = getContext().get(FlowNode.class);
        // A job that was deleted and recreated counts its builds from 1 again; the start time distinguishes the two
        // builds.
        operation = run.getExternalizableId() + "/" + node.getId() + "@" + Long.toString(run.getTimeInMillis(), 36)
                + (BuildSources.isOfProject(run.getParent()) ? "+" : "");
        Authentication authentication = Jenkins.getAuthentication2();
        runsAs = authentication.equals(ACL.SYSTEM2) ? null : authentication.getName();
        beforeStart();
        runAndCleanUp(this::runStep);
        return false;
    }

    @Override
    public final void onResume() {
        resumed = true;
        runAndCleanUp(this::runStep);
    }

    /** Continues {@link #runStep} after it had to wait for something. */
    final void runAndCleanUp(Work work) {
        runInBackground(() -> runNowAndCleanUp(work));
    }

    /**
     * Cleans up if the step was stopped meanwhile, since the work may have registered something after the cleanup; also
     * if the work failed.
     */
    private void runNowAndCleanUp(Work work) throws Exception {
        try {
            work.run();
        } finally {
            if (hasEnded()) {
                cleanUp();
            }
        }
    }

    @Override
    public final void stop(@NonNull Throwable cause) throws Exception {
        if (ENDED.compareAndSet(this, 0, 1)) {
            // This may be the Pipeline's thread, so it must not wait for the disk or for that thread.
            try {
                BackgroundPools.get().callbacks().execute(this::cleanUp);
            } catch (RejectedExecutionException e) {
                LOGGER.log(Level.FINE, "stopped while Jenkins is shutting down", e);
            }
            getContext().onFailure(cause);
        }
    }

    /** Runs work on the pool; an exception fails the step. Does nothing if the step has ended. */
    final void runInBackground(Work work) {
        execute(BackgroundPools.get().callbacks(), work);
    }

    /**
     * Fetches without blocking a thread, sharing the fetch with other requests for this repository, then runs the work
     * on the thread that reads this repository, so that a slow repository does not block the others. Any failure fails
     * the step. Returns at once, so it must be the caller's last action.
     */
    final void afterFetch(RepositoryConfiguration repository, FetchedWork work) {
        new RetryingFetch(repository, this::hasEnded, this::log).start().whenComplete((tip, problem) -> {
            if (problem == null) {
                runReading(repository, () -> work.run(ConfigRepositories.get().open(repository), tip));
            } else {
                fail(problem);
            }
        });
    }

    /** As {@link #runAndCleanUp}, for work that reads the clone of a repository. */
    final void runReading(RepositoryConfiguration repository, Work work) {
        execute(BackgroundPools.get().reading(repository), () -> runNowAndCleanUp(work));
    }

    private void execute(Executor executor, Work work) {
        try {
            executor.execute(() -> attempt(work));
        } catch (RejectedExecutionException e) {
            fail(e);
        }
    }

    private void attempt(Work work) {
        if (hasEnded()) {
            return;
        }
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (Throwable e) {
            // Catch everything: a failed build is better than one that never ends.
            fail(e);
        }
    }

    final boolean hasEnded() {
        return ended != 0;
    }

    final boolean isResumed() {
        return resumed;
    }

    final void succeed(@CheckForNull Object result) {
        if (ENDED.compareAndSet(this, 0, 1)) {
            cleanUp();
            getContext().onSuccess(result);
        }
    }

    /** Writes the changes of this step. */
    final synchronized RetryingWrite writing() {
        if (write == null) {
            write = new RetryingWrite(this);
        }
        return write;
    }

    /** Fails the step: with the message only for a user error, with the stack trace for an unexpected error. */
    final void fail(Throwable problem) {
        if (isStopping() || !ENDED.compareAndSet(this, 0, 1)) {
            return;
        }
        cleanUp();
        Throwable cause = unwrap(problem);
        if (cause instanceof UserErrorException) {
            // Without the cause, which may not be serializable by Pipeline; the message is complete without it.
            LOGGER.log(Level.FINE, cause, () -> operation + " was rejected");
            getContext().onFailure(userError(visible((UserErrorException) cause)));
        } else {
            getContext().onFailure(onOneLine(cause));
        }
    }

    /**
     * Makes an error safe for the build's log: a message may contain untrusted text, which must not begin a new line
     * there. The original error is written to the Jenkins log if anything was changed.
     */
    static Throwable onOneLine(Throwable problem) {
        if (problem instanceof FlowInterruptedException) {
            // Its causes already contain sanitized text.
            return problem;
        }
        boolean plain = problem.getCause() == null && problem.getSuppressed().length == 0;
        String message = problem.getMessage();
        if (plain && (message == null || message.equals(oneLine(message)))) {
            return problem;
        }
        LOGGER.log(Level.WARNING, "A step failed unexpectedly", problem);
        if (problem instanceof AbortException) {
            return new AbortException(oneLine(String.valueOf(message)));
        }
        IOException clean = new IOException(oneLine(problem.toString()));
        clean.setStackTrace(problem.getStackTrace());
        return clean;
    }

    /** The error without names that this build may not see. */
    private UserErrorException visible(UserErrorException refusal) {
        if (!(refusal instanceof UnknownNameException unknown)) {
            return refusal;
        }
        try {
            return WriteAccess.visible(unknown, run(), runsAs, repositoryOrNull());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "no names for " + operation);
        }
        return unknown.listing(name -> false);
    }

    /** Name of the config repository of this step; null when unknown. */
    @CheckForNull
    abstract String repositoryOrNull() throws UserErrorException, IOException, InterruptedException;

    /** @param name null for the default of the job, or the only one */
    final String repositoryName(@CheckForNull String name)
            throws UserErrorException, IOException, InterruptedException {
        Run<?, ?> run = run();
        String named = name == null ? GitopsJobProperty.of(run).getRepository() : name;
        return GitopsConfiguration.get().repository(named, run.getParent()).getName();
    }

    /** The exception that a user error fails the build with. */
    Exception userError(UserErrorException refusal) {
        return new AbortException(refusal.getMessage());
    }

    /**
     * Whether Jenkins is shutting down: an error is not the end of the step then, since it continues after the restart.
     */
    static boolean isStopping() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        return jenkins == null
                || jenkins.isTerminating()
                || BackgroundPools.get().isShutDown();
    }

    static Throwable unwrap(Throwable problem) {
        Throwable cause = problem;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The message of an error, as one line. */
    static String reason(Throwable problem) {
        Throwable cause = unwrap(problem);
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : oneLine(cause.getMessage());
    }

    private void cleanUp() {
        writing().cancel();
        try {
            releaseResources();
            FlowNode node = getContext().get(FlowNode.class);
            if (node != null && PauseAction.isPaused(node)) {
                PauseAction.endCurrentPause(node);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, e, () -> "failed to clean up after " + operation);
        }
    }

    /** Shows the step as paused until it ends; does nothing if it is already paused. */
    final void pause(String why) throws IOException, InterruptedException {
        FlowNode node = getContext().get(FlowNode.class);
        if (!PauseAction.isPaused(node)) {
            node.addAction(new PauseAction(why));
        }
    }

    /** The operation id: the same for each attempt of this step in this build, and unique to it. */
    final String operation() {
        return operation;
    }

    final Run<?, ?> run() throws IOException, InterruptedException {
        return getContext().get(Run.class);
    }

    /** Name of the identity that the build runs as; null for the system. */
    @CheckForNull
    final String runsAs() {
        return runsAs;
    }

    final Requester requester() throws IOException, InterruptedException {
        return Requester.of(run(), runsAs);
    }

    final ChangeMetadata changeMetadata(@CheckForNull String reason) throws IOException, InterruptedException {
        return changeMetadata(operation, reason);
    }

    /** @param operationId of one of several changes that this step makes */
    final ChangeMetadata changeMetadata(String operationId, @CheckForNull String reason)
            throws IOException, InterruptedException {
        return new ChangeMetadata(operationId, buildName(run()), requester().id(), reason);
    }

    private static String buildName(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        return root == null ? run.getExternalizableId() : root + run.getUrl();
    }

    /** Writes one line to the build's log; untrusted text cannot begin another line. */
    final void log(String line) {
        print(oneLine(line));
    }

    /** Writes a line about a target, whose name is a link to its page. */
    final void log(String repository, String application, String environment, String line) {
        print(TargetLink.inLog(repository, application, environment) + ": " + oneLine(line));
    }

    /** Writes a line about a target with a link to the page on which an agent shows it. */
    final void log(String repository, String application, String environment, AgentLink link) {
        print(TargetLink.inLog(repository, application, environment) + ": "
                + HyperlinkNote.encodeTo(link.url(), link.text()));
    }

    private void print(String line) {
        try {
            getContext().get(TaskListener.class).getLogger().println(line);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "no log for " + operation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String oneLine(String text) {
        return TextSanitizer.line(text);
    }
}
