package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdRequests;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdResponses;
import io.jenkins.plugins.gitops.core.argocd.ManagedWorkload;
import io.jenkins.plugins.gitops.core.argocd.SyncWindows;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
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
final class ApplicationDetailFetcher {
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
    private final Map<String, ApplicationDetails> details = new HashMap<>();

    /** What is asked next. */
    private enum DetailRequest {
        WINDOWS,
        WORKLOADS,
        RESOURCES
    }

    /** What is known of one application beside itself, while it is at one state. */
    private static final class ApplicationDetails {
        private final DetailValidity state;
        private final Instant since;
        private boolean running;
        private int tries;
        private Instant next;

        private String blocked;
        private List<Workload> workloads;
        private List<ResourceStatus> degraded;

        private ApplicationDetails(DetailValidity state, Instant since) {
            this.state = state;
            this.since = since;
            this.next = since;
        }
    }

    ApplicationDetailFetcher(ArgoCdClient client, Executor pool) {
        this.client = client;
        this.pool = pool;
    }

    /** Forgets all but these. */
    synchronized void retain(Set<String> keys) {
        details.keySet().retainAll(keys);
    }

    /** The application with what is known of it beside. */
    synchronized ArgoCdApplication withDetails(ArgoCdApplication state) {
        ApplicationDetails applicationDetails = details.get(state.key());
        return applicationDetails == null || !applicationDetails.state.equals(DetailValidity.of(state))
                ? state
                : DetailValidity.withDetails(
                        state, applicationDetails.blocked, applicationDetails.workloads, applicationDetails.degraded);
    }

    /**
     * Asks for what is due, if that fits into the budget.
     *
     * @param images those that are awaited in it
     * @return whether something is known now that was not; completes later. Null when nothing is due
     */
    @CheckForNull
    CompletableFuture<Boolean> fetchDue(
            ArgoCdApplication state, Collection<ImageReference> images, RequestBudget budget, Instant now) {
        ApplicationDetails applicationDetails;
        DetailRequest detailRequest;
        synchronized (this) {
            applicationDetails = details.get(state.key());
            DetailValidity at = DetailValidity.of(state);
            if (applicationDetails == null || !applicationDetails.state.equals(at)) {
                applicationDetails = new ApplicationDetails(at, now);
                details.put(state.key(), applicationDetails);
            }
            detailRequest = needed(state, images, applicationDetails, now);
            if (detailRequest == null || applicationDetails.running || now.isBefore(applicationDetails.next)) {
                return null;
            }
            int requests = detailRequest == DetailRequest.WORKLOADS
                    ? state.facts().workloads().size()
                    : 1;
            if (!budget.tryOptional(requests, now)) {
                return null;
            }
            applicationDetails.running = true;
        }
        ApplicationDetails asked = applicationDetails;
        return answer(detailRequest, state, asked, now)
                .handleAsync((news, error) -> ended(asked, error == null && news, now), pool);
    }

    private synchronized boolean ended(ApplicationDetails applicationDetails, boolean news, Instant askedAt) {
        applicationDetails.running = false;
        applicationDetails.next = askedAt.plus(PAUSES.get(Math.min(applicationDetails.tries, PAUSES.size() - 1)));
        applicationDetails.tries++;
        return news;
    }

    @CheckForNull
    private static DetailRequest needed(
            ArgoCdApplication state,
            Collection<ImageReference> images,
            ApplicationDetails applicationDetails,
            Instant now) {
        if (state.isIdleOutOfSync()) {
            boolean mayBeWindow = state.facts().automated() && !now.isBefore(applicationDetails.since.plus(LEFT_ALONE));
            return mayBeWindow ? DetailRequest.WINDOWS : null;
        }
        if (state.isSettled()) {
            boolean open = !state.facts().workloads().isEmpty()
                    && !now.isBefore(applicationDetails.since.plus(UNPROVEN))
                    && DetailValidity.isImageOpen(state, images);
            return open ? DetailRequest.WORKLOADS : null;
        }
        boolean unready = DetailValidity.isDegraded(state)
                || DetailValidity.isProgressing(state) && !now.isBefore(applicationDetails.since.plus(UNREADY));
        return unready ? DetailRequest.RESOURCES : null;
    }

    private CompletableFuture<Boolean> answer(
            DetailRequest detailRequest, ArgoCdApplication state, ApplicationDetails applicationDetails, Instant now) {
        return switch (detailRequest) {
            case WINDOWS ->
                get(state, ArgoCdRequests.syncWindows(state.project(), state.namespace(), state.name()))
                        .thenApplyAsync(body -> windows(applicationDetails, body, now), pool);
            case RESOURCES ->
                get(state, ArgoCdRequests.resourceTree(state.project(), state.namespace(), state.name()))
                        .thenApplyAsync(body -> resources(applicationDetails, body), pool);
            case WORKLOADS -> workloads(state, applicationDetails);
        };
    }

    private CompletableFuture<byte[]> get(ArgoCdApplication state, String path) {
        return client.one(path, state.project(), state.label());
    }

    private synchronized boolean windows(ApplicationDetails applicationDetails, byte[] body, Instant now) {
        try {
            applicationDetails.blocked = SyncWindows.blockedBy(body, now);
            return true;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private synchronized boolean resources(ApplicationDetails applicationDetails, byte[] body) {
        try {
            applicationDetails.degraded = ArgoCdResponses.degraded(body);
            return true;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private CompletableFuture<Boolean> workloads(ArgoCdApplication state, ApplicationDetails applicationDetails) {
        List<CompletableFuture<byte[]>> all = new ArrayList<>();
        for (ManagedWorkload workload : state.facts().workloads()) {
            all.add(get(state, ArgoCdRequests.resource(state.project(), state.namespace(), state.name(), workload)));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        done -> workloads(
                                applicationDetails,
                                all.stream().map(CompletableFuture::join).toList()),
                        pool);
    }

    private synchronized boolean workloads(ApplicationDetails applicationDetails, List<byte[]> bodies) {
        List<Workload> found = new ArrayList<>();
        try {
            for (byte[] body : bodies) {
                ArgoCdResponses.workload(body).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
        applicationDetails.workloads = found;
        return true;
    }
}
