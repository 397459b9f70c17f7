package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.GitFailure;
import io.jenkins.plugins.gitops.core.git.GitOptions;
import io.jenkins.plugins.gitops.status.Freshness;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import jenkins.util.SystemProperties;

/**
 * One fetch of a step: a host that does not answer for a moment costs it a moment, and no thread waits meanwhile. The pauses
 * are those of {@link Freshness#fetchNow}, which all builds share. What is refused for good ends it at once.
 */
final class PatientFetch {
    /** System property: for how many seconds a step tries again while the Git host is unreachable. */
    static final String PATIENCE = PatientFetch.class.getName() + ".seconds";

    /** As long as a change is tried to be written. */
    private static final int DEFAULT_SECONDS =
            (int) GitOptions.DEFAULT.deadline().toSeconds();

    private final RepositoryConfiguration repository;
    private final BooleanSupplier ended;
    private final Consumer<String> log;
    private final CompletableFuture<String> tip = new CompletableFuture<>();
    private final long patience = Duration.ofSeconds(SystemProperties.getInteger(PATIENCE, DEFAULT_SECONDS))
            .toNanos();
    private final long begun = System.nanoTime();
    private String told = "";

    /**
     * @param ended whether nobody wants it any more
     * @param log takes a line for the build's log, text from outside in it
     */
    PatientFetch(RepositoryConfiguration repository, BooleanSupplier ended, Consumer<String> log) {
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
        Freshness.get().fetchNow(repository).whenComplete((fetched, problem) -> {
            if (problem == null) {
                tip.complete(fetched);
                return;
            }
            Throwable cause = GitopsStepExecution.unwrap(problem);
            if (mayRecover(cause)) {
                tell(cause.getMessage());
                next();
            } else {
                tip.completeExceptionally(cause);
            }
        });
    }

    private boolean mayRecover(Throwable cause) {
        return cause instanceof GitFailure failure
                && failure.isTemporary()
                && System.nanoTime() - begun < patience
                && !ended.getAsBoolean();
    }

    /** Each reason once, however often it is tried. */
    private void tell(String why) {
        if (!why.equals(told)) {
            told = why;
            log.accept(
                    Messages.PatientFetch_Again(why, Duration.ofNanos(patience).toSeconds()));
        }
    }
}
