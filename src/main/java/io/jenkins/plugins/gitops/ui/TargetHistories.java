package io.jenkins.plugins.gitops.ui;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.HistoryEntry;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The histories for pages, cached because reading one parses many versions of a file. */
final class TargetHistories {
    /** Maximum number of changes that are read for one target; one more than the page shows. */
    static final int CHANGES = 51;

    private static final int MAX_CACHED = 50;

    private final CloneReadings<HistoryKey, HistoryAtTip> readings = new CloneReadings<>(MAX_CACHED);

    private record HistoryKey(String tip, String app, String env) {}

    /**
     * The history as read at one tip.
     *
     * @param entries newest first
     * @param cut whether there may be more than the search limit allowed to read
     */
    record HistoryAtTip(Target target, Optional<Hold> hold, List<HistoryEntry> entries, boolean cut) {}

    /**
     * The history at the last fetched tip.
     *
     * @param app as in the URL
     * @param env as in the URL
     * @return empty while it is being read
     * @throws UserErrorException when there is no such target, or the clone has not been read yet or cannot be read
     */
    Optional<HistoryAtTip> of(RepositoryConfiguration repository, String app, String env) throws UserErrorException {
        RepositoryConfiguration branch;
        try {
            branch = RepositoryBranches.of(repository, app, env);
        } catch (IOException e) {
            throw new UserErrorException(Messages.TargetPage_unreadable(), Messages.TargetPage_seeLog()).causedBy(e);
        }
        HistoryKey key = new HistoryKey(CloneReadings.tip(branch), app, env);
        return readings.get(branch, key, clone -> read(clone, key), Messages.TargetPage_unreadable());
    }

    private static HistoryAtTip read(ConfigRepository clone, HistoryKey key) throws UserErrorException, IOException {
        FileTree files = clone.files(key.tip());
        Target target = Delivery.load(files).target(key.app(), key.env());
        TargetHistory.RecentHistory history = TargetHistory.newest(clone, target, key.tip(), CHANGES);
        return new HistoryAtTip(target, Hold.find(files, target), history.entries(), history.cut());
    }
}
