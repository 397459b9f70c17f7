package io.jenkins.plugins.gitops.ui;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.HistoryEntry;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.BoundedMap;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.CloneReader;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The histories that pages show. Reading one parses many versions of a file, so it is done where the repository is read,
 * once for all that ask meanwhile; a page waits for it a moment, and a later request finds what was read. Bounded.
 */
final class TargetHistories {
    private static final Logger LOGGER = Logger.getLogger(TargetHistories.class.getName());
    /** Changes of one target; the page shows one less. */
    static final int CHANGES = 51;

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_CACHED = 50;
    /** More of one repository are not begun: whoever asks for everything at once has to come again. */
    private static final int MAX_CONCURRENT_READS = 5;

    private final Map<HistoryKey, CompletableFuture<HistoryAtTip>> histories = BoundedMap.byInsertion(MAX_CACHED);

    private record HistoryKey(RepositoryConfiguration repository, String tip, String app, String env) {}

    /**
     * What was read at one tip.
     *
     * @param entries the newest change first
     * @param cut whether there may be more than could be looked at
     */
    record HistoryAtTip(Target target, Optional<Hold> hold, List<HistoryEntry> entries, boolean cut) {}

    /**
     * The history at the newest known tip.
     *
     * @param app as in the URL
     * @param env as in the URL
     * @return empty while it is being read
     * @throws UserErrorException when there is no such target, or the clone was not read yet, or cannot be read
     */
    Optional<HistoryAtTip> of(RepositoryConfiguration repository, String app, String env) throws UserErrorException {
        String tip = ConfigRepositories.get()
                .open(repository)
                .tip()
                .orElseThrow(() -> new UserErrorException(
                        Messages.TargetPage_unread(repository.getName()), Messages.TargetPage_wait()));
        Optional<CompletableFuture<HistoryAtTip>> reading = begin(new HistoryKey(repository, tip, app, env));
        return reading.isEmpty() ? Optional.empty() : await(reading.get());
    }

    private Optional<CompletableFuture<HistoryAtTip>> begin(HistoryKey key) {
        synchronized (histories) {
            CompletableFuture<HistoryAtTip> known = histories.get(key);
            if (known == null) {
                if (isBusy(key.repository())) {
                    return Optional.empty();
                }
                known = CloneReader.read(key.repository(), clone -> read(clone, key));
                histories.put(key, known);
                // What could not be read is read again for whoever asks next.
                known.whenComplete((historyAtTip, problem) -> {
                    if (problem != null) {
                        forget(key);
                    }
                });
            }
            return Optional.of(known);
        }
    }

    /** One repository that is slow to read keeps nobody from the others. */
    private boolean isBusy(RepositoryConfiguration repository) {
        return histories.entrySet().stream()
                        .filter(e -> e.getKey().repository().equals(repository)
                                && !e.getValue().isDone())
                        .count()
                >= MAX_CONCURRENT_READS;
    }

    private void forget(HistoryKey key) {
        synchronized (histories) {
            histories.remove(key);
        }
    }

    private static Optional<HistoryAtTip> await(CompletableFuture<HistoryAtTip> reading) throws UserErrorException {
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
            LOGGER.log(Level.WARNING, "failed to read a history", e.getCause());
            throw new UserErrorException(Messages.TargetPage_unreadable(), Messages.TargetPage_seeLog()).causedBy(e);
        }
    }

    private static HistoryAtTip read(ConfigRepository clone, HistoryKey key) throws UserErrorException, IOException {
        FileTree files = clone.files(key.tip());
        Target target = Delivery.load(files).target(key.app(), key.env());
        TargetHistory.RecentHistory history = TargetHistory.newest(clone, target, key.tip(), CHANGES);
        return new HistoryAtTip(target, Hold.find(files, target), history.entries(), history.cut());
    }
}
