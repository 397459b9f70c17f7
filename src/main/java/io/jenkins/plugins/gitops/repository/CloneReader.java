package io.jenkins.plugins.gitops.repository;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Reads the clone of a repository, which may take long: on the repository's reading thread. */
@Restricted(NoExternalUse.class)
public final class CloneReader {
    private CloneReader() {}

    /** Reads from a clone, without network. */
    public interface Reading<T> {
        T read(ConfigRepository clone) throws Exception;
    }

    /** Reads from a clone at the tip of a fetch, without network. */
    public interface FetchedReading<T> {
        T read(ConfigRepository clone, String tip) throws Exception;
    }

    /** Reads from the clone; fails with the exception of the reading, in a {@link CompletionException}. */
    public static <T> CompletableFuture<T> read(RepositoryConfiguration repository, Reading<T> reading) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> attempt(repository, reading), BackgroundPools.get().reading(repository));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Fetches, sharing the fetch with other requests, then reads. */
    public static <T> CompletableFuture<T> fetchAndRead(RepositoryConfiguration repository, FetchedReading<T> reading) {
        return RepositoryFetcher.get()
                .fetchNow(repository)
                .thenApplyAsync(
                        tip -> attempt(repository, clone -> reading.read(clone, tip)),
                        BackgroundPools.get().reading(repository));
    }

    private static <T> T attempt(RepositoryConfiguration repository, Reading<T> reading) {
        try {
            return reading.read(ConfigRepositories.get().open(repository));
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
