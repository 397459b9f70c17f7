package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import jenkins.util.SystemProperties;

/**
 * One fetch of a step: a host that does not answer for a moment costs it a moment, and no thread waits meanwhile. The pauses
 * are those of {@link RepositoryFetcher#fetchNow}, which all builds share. What is refused for good ends it at once.
 */
final class RetryingFetch {
    /** System property: for how many seconds a step tries again while the Git host is unreachable. */
    static final String TIMEOUT_PROPERTY = RetryingFetch.class.getName() + ".seconds";

    /** As long as a change is tried to be written. */
    private static final int DEFAULT_SECONDS =
            (int) GitOptions.DEFAULT.deadline().toSeconds();

    private final RepositoryConfiguration repository;
    private final BooleanSupplier ended;
    private final Consumer<String> log;
    private final CompletableFuture<String> tip = new CompletableFuture<>();
    private final long timeoutNanos = Duration.ofSeconds(SystemProperties.getInteger(TIMEOUT_PROPERTY, DEFAULT_SECONDS))
            .toNanos();
    private final long begun = System.nanoTime();
    private String lastLogged = "";

    /**
     * @param ended whether nobody wants it any more
     * @param log takes a line for the build's log, text from outside in it
     */
    RetryingFetch(RepositoryConfiguration repository, BooleanSupplier ended, Consumer<String> log) {
        this.repository = repository;
        this.ended = ended;
        this.log = log;
    }

    /** The tip; fails with the last failure. To be called once. */
    CompletableFuture<String> start() {
        next();
        return tip;
    }

    private void next() {
        RepositoryFetcher.get().fetchNow(repository).whenComplete((fetched, problem) -> {
            if (problem == null) {
                tip.complete(fetched);
                return;
            }
            Throwable cause = GitopsStepExecution.unwrap(problem);
            if (mayRecover(cause)) {
                logOnce(cause.getMessage());
                next();
            } else {
                tip.completeExceptionally(cause);
            }
        });
    }

    private boolean mayRecover(Throwable cause) {
        return cause instanceof GitRemoteException failure
                && failure.isTemporary()
                && System.nanoTime() - begun < timeoutNanos
                && !ended.getAsBoolean();
    }

    /** Each reason once, however often it is tried. */
    private void logOnce(String why) {
        if (!why.equals(lastLogged)) {
            lastLogged = why;
            log.accept(Messages.RetryingFetch_Again(
                    why, Duration.ofNanos(timeoutNanos).toSeconds()));
        }
    }
}
