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
 * What all steps share. {@link #start} and {@link #onResume} only hand {@link #runStep} to the plugin's pool, so that
 * the Pipeline's thread never waits for Git or a disk; in between a step is no more than its fields, which are plain
 * data. It completes once. What breaks off because Jenkins stops is not told to the build: it goes on after the start.
 */
abstract class GitopsStepExecution extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(GitopsStepExecution.class.getName());
    private static final AtomicIntegerFieldUpdater<GitopsStepExecution> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(GitopsStepExecution.class, "ended");

    private volatile String operation;
    /** Name of the identity that the build runs as; null for the system. */
    private volatile String runsAs;
    /** 0 or 1; 0 again after a restart, which only finds steps that have not ended. */
    private transient volatile int ended;

    private transient volatile boolean resumed;

    /** Null while it writes nothing. */
    private transient RetryingWrite write;

    GitopsStepExecution(StepContext context) {
        super(context);
    }

    /** Work on the pool. */
    interface Work {
        void run() throws Exception;
    }

    /** Work that reads the clone of a repository at the tip that was just fetched. */
    interface FetchedWork {
        void run(ConfigRepository clone, String tip) throws Exception;
    }

    /** Called on the Pipeline's thread before anything else: what must be fixed at the first start. No I/O. */
    void beforeStart() throws Exception {}

    /** The step's work, on the pool; again after each restart until the step has completed. */
    abstract void runStep() throws Exception;

    /** Called once after the step completed or was stopped, on the pool: lets go of whatever waits for it. */
    void releaseResources() throws Exception {}

    @Override
    public final boolean start() throws Exception {
        Run<?, ?> run = getContext().get(Run.class);
        FlowNode node = getContext().get(FlowNode.class);
        // A job that was deleted and made anew counts its builds from 1 again; the time tells the two builds apart.
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

    /** Part of what {@link #runStep} is to do, which had to wait for something. */
    final void runAndCleanUp(Work work) {
        runInBackground(() -> runNowAndCleanUp(work));
    }

    /** Stopped meanwhile: what was registered after the release, also by work that then broke off, goes here. */
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
            // May be the Pipeline's thread: nothing here may wait for the disk or for that thread.
            try {
                BackgroundPools.get().callbacks().execute(this::cleanUp);
            } catch (RejectedExecutionException e) {
                LOGGER.log(Level.FINE, "stopped while Jenkins is shutting down", e);
            }
            getContext().onFailure(cause);
        }
    }

    /** Runs work on the pool; what it throws fails the step. Nothing is run once the step has ended. */
    final void runInBackground(Work work) {
        execute(BackgroundPools.get().callbacks(), work);
    }

    /**
     * Fetches without a thread that waits, together with all that want this repository, and has the clone read then, where
     * one repository cannot hold up the others; whatever fails, fails the step. Returns at once: nothing may follow.
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
            // Whatever it is: a build that fails is better than one that waits for ever.
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

    /** What this step writes. */
    final synchronized RetryingWrite writing() {
        if (write == null) {
            write = new RetryingWrite(this);
        }
        return write;
    }

    /** A refusal is shown as its message alone; anything unforeseen with its trace. */
    final void fail(Throwable problem) {
        if (isStopping() || !ENDED.compareAndSet(this, 0, 1)) {
            return;
        }
        cleanUp();
        Throwable cause = unwrap(problem);
        if (cause instanceof UserErrorException) {
            // Without its cause: that may hold what Pipeline cannot store, and the message is made to stand alone.
            LOGGER.log(Level.FINE, cause, () -> operation + " was rejected");
            getContext().onFailure(userError(visible((UserErrorException) cause)));
        } else {
            getContext().onFailure(onOneLine(cause));
        }
    }

    /**
     * What a build's log may print: a message may hold text from outside, which must not begin a line of its own there.
     * Whatever had to be changed stands as it was in Jenkins' own log.
     */
    static Throwable onOneLine(Throwable problem) {
        if (problem instanceof FlowInterruptedException) {
            // Its causes are made of clean text.
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

    /** The refusal without names that this build may not see. */
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

    /** Name of the config repository that this step means; null when that is not known. */
    @CheckForNull
    abstract String repositoryOrNull() throws UserErrorException, IOException, InterruptedException;

    /** @param name null: the one of the job, or the only one */
    final String repositoryName(@CheckForNull String name)
            throws UserErrorException, IOException, InterruptedException {
        Run<?, ?> run = run();
        String named = name == null ? GitopsJobProperty.of(run).getRepository() : name;
        return GitopsConfiguration.get().repository(named, run.getParent()).getName();
    }

    /** What the build is told of a refusal. */
    Exception userError(UserErrorException refusal) {
        return new AbortException(refusal.getMessage());
    }

    /** What breaks off then is not the end of the step: it goes on after the start. */
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

    /** A problem as one line. */
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

    /** Shows the step as paused until it ends; harmless when it is already. */
    final void pause(String why) throws IOException, InterruptedException {
        FlowNode node = getContext().get(FlowNode.class);
        if (!PauseAction.isPaused(node)) {
            node.addAction(new PauseAction(why));
        }
    }

    /** The same for every try of this step in this build, and for no other. */
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

    /** @param operationId of one of several things that this step writes */
    final ChangeMetadata changeMetadata(String operationId, @CheckForNull String reason)
            throws IOException, InterruptedException {
        return new ChangeMetadata(operationId, buildName(run()), requester().id(), reason);
    }

    private static String buildName(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        return root == null ? run.getExternalizableId() : root + run.getUrl();
    }

    /** One line of the build's log; what came from outside cannot begin another one. */
    final void log(String line) {
        print(oneLine(line));
    }

    /** A line about a target, whose name leads to its page. */
    final void log(String repository, String application, String environment, String line) {
        print(TargetLink.inLog(repository, application, environment) + ": " + oneLine(line));
    }

    /** A line about a target that leads to the page where an agent shows it. */
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
