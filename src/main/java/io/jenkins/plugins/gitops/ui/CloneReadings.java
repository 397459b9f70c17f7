package io.jenkins.plugins.gitops.ui;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.BoundedMap;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.CloneReader;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Results of slow reads from clones, for pages. Each read runs once on the thread that reads the repository, and is
 * shared by all requests. A page waits briefly for the result; a later request gets it from the cache. Bounded.
 *
 * @param <K> what is read from a repository, and at which tip
 * @param <V> the result
 */
final class CloneReadings<K, V> {
    private static final Logger LOGGER = Logger.getLogger(CloneReadings.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    /** Maximum number of concurrent reads of one repository; further requests are asked to reload. */
    private static final int MAX_CONCURRENT_READS = 5;

    private final Map<ReadingKey<K>, CompletableFuture<V>> readings;

    private record ReadingKey<K>(RepositoryConfiguration repository, K key) {}

    /** @param maxCached maximum number of results in the cache */
    CloneReadings(int maxCached) {
        this.readings = BoundedMap.byInsertion(maxCached);
    }

    /**
     * The last fetched tip.
     *
     * @throws UserErrorException when nothing has been fetched yet; it says why if a fetch failed
     */
    static String tip(RepositoryConfiguration repository) throws UserErrorException {
        Optional<String> tip = ConfigRepositories.get().open(repository).tip();
        if (tip.isPresent()) {
            return tip.get();
        }
        String problem = RepositoryFetcher.get().problem(repository);
        throw new UserErrorException(
                Messages.TargetPage_unread(repository.getName()),
                problem == null ? Messages.TargetPage_wait() : problem);
    }

    /**
     * Returns the cached result, or starts reading.
     *
     * @param unreadable message for an unexpected failure
     * @return empty while it is being read
     * @throws UserErrorException thrown by the read, or when it fails unexpectedly
     */
    Optional<V> get(RepositoryConfiguration repository, K key, CloneReader.Reading<V> reading, String unreadable)
            throws UserErrorException {
        Optional<CompletableFuture<V>> begun = begin(new ReadingKey<>(repository, key), reading);
        return begun.isEmpty() ? Optional.empty() : await(begun.get(), unreadable);
    }

    private Optional<CompletableFuture<V>> begin(ReadingKey<K> key, CloneReader.Reading<V> reading) {
        synchronized (readings) {
            CompletableFuture<V> known = readings.get(key);
            if (known == null) {
                if (isBusy(key.repository())) {
                    return Optional.empty();
                }
                known = CloneReader.read(key.repository(), reading);
                readings.put(key, known);
                // A failure is not cached: the next request reads again.
                known.whenComplete((value, problem) -> {
                    if (problem != null) {
                        forget(key);
                    }
                });
            }
            return Optional.of(known);
        }
    }

    /** The limit is per repository, so that a slow repository does not block the others. */
    private boolean isBusy(RepositoryConfiguration repository) {
        return readings.entrySet().stream()
                        .filter(e -> e.getKey().repository().equals(repository)
                                && !e.getValue().isDone())
                        .count()
                >= MAX_CONCURRENT_READS;
    }

    private void forget(ReadingKey<K> key) {
        synchronized (readings) {
            readings.remove(key);
        }
    }

    private Optional<V> await(CompletableFuture<V> reading, String unreadable) throws UserErrorException {
        try {
            return Optional.of(reading.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserErrorException refused) {
                throw refused;
            }
            LOGGER.log(Level.WARNING, unreadable, e.getCause());
            throw new UserErrorException(unreadable, Messages.TargetPage_seeLog()).causedBy(e);
        }
    }
}
