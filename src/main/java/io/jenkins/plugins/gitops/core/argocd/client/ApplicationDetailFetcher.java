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
 * Fetches what an application's status does not contain and a waiting step needs: sync windows, running images that its
 * pods do not show, and failing pods. Requests only what is awaited, with increasing back-off, and discards a response
 * once the state of the application has changed.
 */
final class ApplicationDetailFetcher {
    /** If a difference is not synced for longer, a sync window may be the reason. */
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);
    /** If the images are not proven to run by then, the live workloads are fetched. */
    private static final Duration UNPROVEN = Duration.ofSeconds(2);
    /** If a rollout takes longer, the messages of its pods may give the reason. */
    private static final Duration UNREADY = Duration.ofSeconds(20);

    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(5), Duration.ofMinutes(15));

    private final ArgoCdClient client;
    private final Executor pool;
    private final Map<String, ApplicationDetails> details = new HashMap<>();

    /** The kinds of requests, in order. */
    private enum DetailRequest {
        WINDOWS,
        WORKLOADS,
        RESOURCES
    }

    /** The fetched details of one application in one state. */
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

    /** Removes all others. */
    synchronized void retain(Set<String> keys) {
        details.keySet().retainAll(keys);
    }

    /** Returns the application with the fetched details. */
    synchronized ArgoCdApplication withDetails(ArgoCdApplication state) {
        ApplicationDetails applicationDetails = details.get(state.key());
        return applicationDetails == null || !applicationDetails.state.equals(DetailValidity.of(state))
                ? state
                : DetailValidity.withDetails(
                        state, applicationDetails.blocked, applicationDetails.workloads, applicationDetails.degraded);
    }

    /**
     * Sends the next request that is due, if the budget permits.
     *
     * @param images the awaited images of the application
     * @return whether new details are known; completes later. Null if nothing is due
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
