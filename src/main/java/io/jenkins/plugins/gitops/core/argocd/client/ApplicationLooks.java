package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoAnswers;
import io.jenkins.plugins.gitops.core.argocd.ArgoRequests;
import io.jenkins.plugins.gitops.core.argocd.ArgoState;
import io.jenkins.plugins.gitops.core.argocd.ManagedWorkload;
import io.jenkins.plugins.gitops.core.argocd.SyncWindows;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.sync.Report.Resource;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * What an application itself does not tell of why somebody has to wait: its sync windows, what runs where its pods do not show
 * it, and the pods to blame. Asked only for what is awaited, each again only after pauses that grow, and no longer
 * believed once the application is at something else.
 */
final class ApplicationLooks {
    /** A difference that is left alone for longer may be so because of a sync window. */
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);
    /** Images that are not proven by then are looked for. */
    private static final Duration UNPROVEN = Duration.ofSeconds(2);
    /** A roll-out that takes longer may have pods that say why. */
    private static final Duration UNREADY = Duration.ofSeconds(20);

    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(5), Duration.ofMinutes(15));

    private final ArgoCdClient client;
    private final Executor pool;
    private final Map<String, Look> looks = new HashMap<>();

    /** What is asked next. */
    private enum Kind {
        WINDOWS,
        WORKLOADS,
        RESOURCES
    }

    /** What is known of one application beside itself, while it is at one state. */
    private static final class Look {
        private final LookedState state;
        private final Instant since;
        private boolean running;
        private int tries;
        private Instant next;

        private String blocked;
        private List<Workload> workloads;
        private List<Resource> degraded;

        private Look(LookedState state, Instant since) {
            this.state = state;
            this.since = since;
            this.next = since;
        }
    }

    ApplicationLooks(ArgoCdClient client, Executor pool) {
        this.client = client;
        this.pool = pool;
    }

    /** Forgets all but these. */
    synchronized void retain(Set<String> keys) {
        looks.keySet().retainAll(keys);
    }

    /** The application with what is known of it beside. */
    synchronized ArgoState completed(ArgoState state) {
        Look look = looks.get(state.key());
        return look == null || !look.state.equals(LookedState.of(state))
                ? state
                : LookedState.completed(state, look.blocked, look.workloads, look.degraded);
    }

    /**
     * Asks for what is due, if that fits into the budget.
     *
     * @param images those that are awaited in it
     * @return whether something is known now that was not; completes later. Null when nothing is due
     */
    @CheckForNull
    CompletableFuture<Boolean> ask(
            ArgoState state, Collection<ImageReference> images, RequestBudget budget, Instant now) {
        Look look;
        Kind kind;
        synchronized (this) {
            look = looks.get(state.key());
            LookedState at = LookedState.of(state);
            if (look == null || !look.state.equals(at)) {
                look = new Look(at, now);
                looks.put(state.key(), look);
            }
            kind = needed(state, images, look, now);
            if (kind == null || look.running || now.isBefore(look.next)) {
                return null;
            }
            int requests = kind == Kind.WORKLOADS ? state.facts().workloads().size() : 1;
            if (!budget.tryOptional(requests, now)) {
                return null;
            }
            look.running = true;
        }
        Look asked = look;
        return answer(kind, state, asked, now)
                .handleAsync((news, error) -> ended(asked, error == null && news, now), pool);
    }

    private synchronized boolean ended(Look look, boolean news, Instant askedAt) {
        look.running = false;
        look.next = askedAt.plus(PAUSES.get(Math.min(look.tries, PAUSES.size() - 1)));
        look.tries++;
        return news;
    }

    @CheckForNull
    private static Kind needed(ArgoState state, Collection<ImageReference> images, Look look, Instant now) {
        if (state.isLeftAlone()) {
            boolean mayBeWindow = state.facts().automated() && !now.isBefore(look.since.plus(LEFT_ALONE));
            return mayBeWindow ? Kind.WINDOWS : null;
        }
        if (state.isDone()) {
            boolean open = !state.facts().workloads().isEmpty()
                    && !now.isBefore(look.since.plus(UNPROVEN))
                    && LookedState.isImageOpen(state, images);
            return open ? Kind.WORKLOADS : null;
        }
        boolean unready = LookedState.isDegraded(state)
                || LookedState.isProgressing(state) && !now.isBefore(look.since.plus(UNREADY));
        return unready ? Kind.RESOURCES : null;
    }

    private CompletableFuture<Boolean> answer(Kind kind, ArgoState state, Look look, Instant now) {
        return switch (kind) {
            case WINDOWS ->
                get(state, ArgoRequests.syncWindows(state.project(), state.namespace(), state.name()))
                        .thenApplyAsync(body -> windows(look, body, now), pool);
            case RESOURCES ->
                get(state, ArgoRequests.resourceTree(state.project(), state.namespace(), state.name()))
                        .thenApplyAsync(body -> resources(look, body), pool);
            case WORKLOADS -> workloads(state, look);
        };
    }

    private CompletableFuture<byte[]> get(ArgoState state, String path) {
        return client.one(path, state.project(), state.label());
    }

    private synchronized boolean windows(Look look, byte[] body, Instant now) {
        try {
            look.blocked = SyncWindows.blockedBy(body, now);
            return true;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private synchronized boolean resources(Look look, byte[] body) {
        try {
            look.degraded = ArgoAnswers.degraded(body);
            return true;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private CompletableFuture<Boolean> workloads(ArgoState state, Look look) {
        List<CompletableFuture<byte[]>> all = new ArrayList<>();
        for (ManagedWorkload workload : state.facts().workloads()) {
            all.add(get(state, ArgoRequests.resource(state.project(), state.namespace(), state.name(), workload)));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        done -> workloads(
                                look, all.stream().map(CompletableFuture::join).toList()),
                        pool);
    }

    private synchronized boolean workloads(Look look, List<byte[]> bodies) {
        List<Workload> found = new ArrayList<>();
        try {
            for (byte[] body : bodies) {
                ArgoAnswers.workload(body).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
        look.workloads = found;
        return true;
    }
}
