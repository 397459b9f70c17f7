package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.io.IOException;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Answers queries about the history of a clone that may be shallow: fetches older commits when a query needs them, so
 * that the answer is that of a complete clone. Thread-safe.
 */
final class DeepeningHistory {
    /** Covers the search limits from the tip on. */
    private static final int FIRST_DEPTH = Math.max(FileLog.MAX_COMMITS, OperationIndex.COMMITS) + 1;

    /** More than any search limit needs, even if many merges lead around the first-parent line. */
    private static final int MAX_DEPTH = 5_000_000;

    private final LocalClone clone;

    DeepeningHistory(LocalClone clone) {
        this.clone = clone;
    }

    /** Reads the clone; may be run several times. */
    interface Query<T, E extends Exception> {
        T run() throws E, IOException;
    }

    /**
     * @throws GitRemoteException when older commits are needed and cannot be fetched
     * @throws E thrown by the query
     * @throws IOException thrown by the query
     */
    <T, E extends Exception> T query(Query<T, E> query) throws E, GitRemoteException, IOException {
        int generations = FIRST_DEPTH;
        while (true) {
            Set<ObjectId> boundary = Set.copyOf(clone.boundary());
            try {
                return query.run();
            } catch (ShallowHistoryException e) {
                if (generations > MAX_DEPTH) {
                    throw new GitRemoteException(
                                    e.getMessage() + ", and the remote does not send them",
                                    "Delete the clone in the cache folder")
                            .causedBy(e);
                }
                clone.deepen(boundary, generations);
                generations *= 4;
            }
        }
    }
}
