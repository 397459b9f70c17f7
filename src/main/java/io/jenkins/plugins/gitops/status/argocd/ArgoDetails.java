package io.jenkins.plugins.gitops.status.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoAnswers;
import io.jenkins.plugins.gitops.core.argocd.ArgoRequests;
import io.jenkins.plugins.gitops.core.argocd.ArgoState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** What a list does not tell of an application: its resources, why they are not ready, and what keeps it from syncing. */
final class ArgoDetails {
    /** A difference that is left alone for longer may be so because of a sync window. */
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);

    private static final byte[] NOTHING = {};

    private final ArgoClient client;
    private final Executor pool;
    private final Set<String> running = new HashSet<>();
    private final Map<String, Instant> leftAloneSince = new HashMap<>();

    ArgoDetails(ArgoClient client, Executor pool) {
        this.client = client;
        this.pool = pool;
    }

    /** Whether it is not being asked for already; then it has to be followed by {@link #ask}. */
    synchronized boolean begin(ArgoState application) {
        return running.add(application.key());
    }

    private synchronized void end(ArgoState application) {
        running.remove(application.key());
    }

    /**
     * Asks for one application.
     *
     * @return fails with an {@link ArgoRefusal}
     */
    CompletableFuture<ArgoState> ask(ArgoState known, @CheckForNull String serverNamespace, Instant now) {
        CompletableFuture<byte[]> whole =
                get(known, ArgoRequests.application(known.project(), known.namespace(), known.name()));
        CompletableFuture<byte[]> tree = get(
                        known, ArgoRequests.resourceTree(known.project(), known.namespace(), known.name()))
                .exceptionally(without -> NOTHING);
        CompletableFuture<byte[]> windows = isLongLeftAlone(known, now)
                ? get(known, ArgoRequests.syncWindows(known.project(), known.namespace(), known.name()))
                        .exceptionally(without -> NOTHING)
                : CompletableFuture.completedFuture(NOTHING);
        return CompletableFuture.allOf(tree, windows)
                .thenCombineAsync(
                        whole, (done, body) -> read(body, tree.join(), windows.join(), serverNamespace, now), pool)
                .whenComplete((state, error) -> end(known));
    }

    private CompletableFuture<byte[]> get(ArgoState known, String path) {
        return client.one(path, known.project(), known.label());
    }

    private static ArgoState read(
            byte[] body, byte[] tree, byte[] windows, @CheckForNull String serverNamespace, Instant now) {
        try {
            ArgoState state = ArgoAnswers.application(body, tree.length == 0 ? null : tree, now, serverNamespace);
            String blocked = windows.length == 0 ? null : ArgoAnswers.blockedBy(windows);
            return blocked == null || !state.isLeftAlone() ? state : state.blockedBy(blocked);
        } catch (IOException e) {
            throw new CompletionException(new ArgoRefusal(e.getMessage()));
        }
    }

    private synchronized boolean isLongLeftAlone(ArgoState state, Instant now) {
        if (!state.isLeftAlone()) {
            leftAloneSince.remove(state.key());
            return false;
        }
        Instant since = leftAloneSince.computeIfAbsent(state.key(), k -> now);
        return !now.isBefore(since.plus(LEFT_ALONE));
    }

    /** Forgets all but these. */
    synchronized void retain(Set<String> keys) {
        leftAloneSince.keySet().retainAll(keys);
    }
}
