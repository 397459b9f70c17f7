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
 * One fetch of a step. A short outage of the host only delays it, and no thread waits meanwhile. The delays are those
 * of {@link RepositoryFetcher#fetchNow}, which all builds share. A permanent error ends it at once.
 */
final class RetryingFetch {
    /** System property: how long a step retries while the Git host is unreachable, in seconds. */
    static final String TIMEOUT_PROPERTY = RetryingFetch.class.getName() + ".seconds";

    /** The same as for writing a change. */
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
     * @param ended whether the result is no longer needed
     * @param log receives lines for the build's log, which may contain untrusted text
     */
    RetryingFetch(RepositoryConfiguration repository, BooleanSupplier ended, Consumer<String> log) {
        this.repository = repository;
        this.ended = ended;
        this.log = log;
    }

    /** Starts fetching; call it once. Returns the tip; fails with the last error. */
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

    /** Logs each reason once, however often it is retried. */
    private void logOnce(String why) {
        if (!why.equals(lastLogged)) {
            lastLogged = why;
            log.accept(Messages.RetryingFetch_Again(
                    why, Duration.ofNanos(timeoutNanos).toSeconds()));
        }
    }
}
