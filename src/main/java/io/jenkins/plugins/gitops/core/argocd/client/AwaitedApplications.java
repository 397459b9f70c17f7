package io.jenkins.plugins.gitops.core.argocd.client;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdRequests;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdResponses;
import io.jenkins.plugins.gitops.core.argocd.ComparisonAge;
import io.jenkins.plugins.gitops.core.argocd.RefreshTracker;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Tracks which applications are awaited, and sends the requests that their waits need. */
final class AwaitedApplications {
    private static final Logger LOGGER = Logger.getLogger(AwaitedApplications.class.getName());
    /** The interval of checks for statuses that become outdated by time alone. */
    private static final Duration AGE_CHECK = Duration.ofSeconds(5);

    private final ArgoCdSettings settings;
    private final ArgoCdClient client;
    private final Executor pool;
    private final InstantSource clock;
    /** Called when new details are known. */
    private final Runnable onDetails;
    /** Called when the reason for a missing application is known. */
    private final Runnable onMissing;

    private final MissingApplications missing = new MissingApplications();
    private final RefreshTracker refreshTracker = new RefreshTracker();
    private final RequestBudget budget = new RequestBudget();
    private final ApplicationDetailFetcher detailFetcher;
    /** When a cluster without recent comparisons was last probed. */
    private final Map<String, Instant> probed = new HashMap<>();

    private Set<AwaitedCommit> waits = Set.of();
    /** By the key of the application. */
    /** Replaced as a whole, never modified. */
    private volatile Map<String, AwaitedContent> wanted = Map.of();

    private Set<String> absent = Set.of();
    private Instant ageCheckedAt = Instant.EPOCH;

    private record AwaitedContent(Set<String> commits, Set<ImageReference> images) {
        private AwaitedContent() {
            this(new HashSet<>(), new LinkedHashSet<>());
        }
    }

    AwaitedApplications(
            ArgoCdSettings settings,
            ArgoCdClient client,
            Executor pool,
            InstantSource clock,
            Runnable onDetails,
            Runnable onMissing) {
        this.settings = settings;
        this.client = client;
        this.pool = pool;
        this.clock = clock;
        this.onDetails = onDetails;
        this.onMissing = onMissing;
        this.detailFetcher = new ApplicationDetailFetcher(client, pool);
    }

    /** Replaces the awaited commits; returns whether there is a new one. */
    synchronized boolean set(Collection<AwaitedCommit> all, ApplicationCache.CacheView view) {
        Set<AwaitedCommit> now = Set.copyOf(all);
        boolean more = !waits.containsAll(now);
        waits = now;
        find(view);
        return more;
    }

    /** Finds the awaited applications among the known ones. */
    synchronized void find(ApplicationCache.CacheView view) {
        Map<String, AwaitedContent> byKey = new HashMap<>();
        Set<String> named = new HashSet<>();
        for (AwaitedCommit wait : waits) {
            List<ApplicationStatus> found = view.statuses().ofTarget(wait.repositoryKeys(), wait.target());
            for (ApplicationStatus status : found) {
                AwaitedContent one =
                        byKey.computeIfAbsent(view.byLabel().get(status.name()).key(), k -> new AwaitedContent());
                one.commits().add(wait.commit());
                one.images().addAll(wait.images());
            }
            AgentReference by = wait.target().agent();
            if (by != null && by.object() != null && !view.byLabel().containsKey(by.object())) {
                named.add(by.object());
            }
        }
        wanted = byKey;
        absent = named;
        detailFetcher.retain(byKey.keySet());
        missing.retain(named);
        refreshTracker.retain(byKey.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().commits())));
    }

    /** @param key as in {@link ArgoCdApplication#key} */
    boolean contains(String key) {
        return wanted.containsKey(key);
    }

    /** Why an application that gitops.yaml names is not listed; null if unknown. */
    @CheckForNull
    ArgoCdException whyMissing(String application) {
        return missing.reason(application);
    }

    /** The topics of all waits, by repository. */
    synchronized Map<String, Set<StatusTopic>> keys() {
        Map<String, Set<StatusTopic>> keys = new HashMap<>();
        for (AwaitedCommit wait : waits) {
            for (String repository : wait.repositoryKeys()) {
                keys.computeIfAbsent(repository, r -> new HashSet<>()).add(StatusTopic.of(wait.target()));
            }
        }
        return keys;
    }

    /** Records a request that was sent by another class. */
    synchronized void requested(Instant now) {
        budget.necessary(now);
    }

    /** Whether a status may have become outdated by time alone. */
    synchronized boolean isAgeDue(Instant now) {
        if (now.isBefore(ageCheckedAt.plus(AGE_CHECK)) && !ageCheckedAt.isAfter(now)) {
            return false;
        }
        ageCheckedAt = now;
        return true;
    }

    /**
     * Returns a function that adds the fetched details to an application.
     *
     * @param heardAt when the server last sent anything; null if it never did
     */
    UnaryOperator<ArgoCdApplication> detailCompleter(
            ApplicationCache cache, @CheckForNull Instant heardAt, Instant now) {
        ComparisonAge age = new ComparisonAge(settings.name(), heardAt, cache.all());
        return state -> {
            String outdated = outdated(state, age, now);
            ArgoCdApplication completed = detailFetcher.withDetails(state);
            return outdated == null
                    ? completed
                    : completed.with(
                            status -> status.withDetails(status.details().withOutdated(outdated)));
        };
    }

    @CheckForNull
    private synchronized String outdated(ArgoCdApplication state, ComparisonAge age, Instant now) {
        String outdated = age.outdated(state, refreshTracker.isUnanswered(state, now), now);
        return outdated == null && refreshTracker.isTooOld(state, now) ? age.isComparedAgain(state) : outdated;
    }

    /** @param usable whether the server responds */
    void tick(ApplicationCache cache, boolean usable, Instant now) {
        if (!usable) {
            return;
        }
        List<ArgoCdApplication> states = wantedStates(cache);
        // Necessary requests come first; those that only explain a wait use the rest of the budget.
        states.forEach(state -> refreshDue(state, cache, now));
        states.forEach(state -> fetchDetails(state, now));
        askForMissing(now);
        probe(cache, now);
    }

    private synchronized List<ArgoCdApplication> wantedStates(ApplicationCache cache) {
        Map<String, ArgoCdApplication> byLabel = cache.view().byLabel();
        return byLabel.values().stream()
                .filter(state -> wanted.containsKey(state.key()))
                .toList();
    }

    private void refreshDue(ArgoCdApplication state, ApplicationCache cache, Instant now) {
        List<String> reasons;
        synchronized (this) {
            AwaitedContent one = wanted.get(state.key());
            boolean proven = one != null && DetailValidity.isProven(state, one.images());
            reasons = one == null ? List.of() : refreshTracker.due(state, one.commits(), proven, now);
            if (reasons.isEmpty() || RefreshTracker.canWait(reasons) && !budget.tryOptional(1, now)) {
                return;
            }
            refreshTracker.begin(state, reasons, now);
            if (!RefreshTracker.canWait(reasons)) {
                budget.necessary(now);
            }
        }
        refresh(state, reasons, cache);
    }

    private void refresh(ArgoCdApplication state, List<String> reasons, ApplicationCache cache) {
        Instant askedAt = clock.instant();
        String path = ArgoCdRequests.refresh(state.project(), state.namespace(), state.name());
        client.refresh(path, state.project(), state.label())
                .whenCompleteAsync((body, error) -> refreshed(state, reasons, body, askedAt, cache), pool);
    }

    /** The stream or the next list reports a sync that the refresh started. */
    private void refreshed(
            ArgoCdApplication asked,
            List<String> reasons,
            @CheckForNull byte[] body,
            Instant askedAt,
            ApplicationCache cache) {
        Instant now = clock.instant();
        ArgoCdApplication state = null;
        try {
            state = body == null ? null : ArgoCdResponses.application(body, null, now, cache.serverNamespace());
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Argo CD " + settings.name() + " did not accept a refresh");
        }
        synchronized (this) {
            refreshTracker.end(asked, reasons, state != null, now);
        }
        if (state != null) {
            cache.put(state, askedAt, now);
        }
        onDetails.run();
    }

    private void fetchDetails(ArgoCdApplication state, Instant now) {
        CompletableFuture<Boolean> asked;
        synchronized (this) {
            AwaitedContent one = wanted.get(state.key());
            // Before the server has refreshed the application for the commit, there is nothing to explain.
            asked = one == null || !refreshTracker.isRefreshed(state, one.commits())
                    ? null
                    : detailFetcher.fetchDue(state, one.images(), budget, now);
        }
        if (asked != null) {
            asked.thenAcceptAsync(
                    found -> {
                        if (found) {
                            onDetails.run();
                        }
                    },
                    pool);
        }
    }

    private void askForMissing(Instant now) {
        List<String> due = new ArrayList<>();
        synchronized (this) {
            for (String application : absent) {
                if (missing.isDue(application, now)
                        && budget.tryOptional(settings.projects().size(), now)) {
                    due.add(application);
                }
            }
        }
        for (String application : due) {
            missing.lookUp(client, settings.projects(), application, now)
                    .thenAcceptAsync(
                            found -> {
                                if (found) {
                                    onMissing.run();
                                }
                            },
                            pool);
        }
    }

    /**
     * Refreshes one application of each cluster without recent comparisons, to find out whether its
     * application-controller is running.
     */
    private void probe(ApplicationCache cache, Instant now) {
        List<ArgoCdApplication> all = cache.all();
        ComparisonAge age = new ComparisonAge(settings.name(), null, all);
        ArgoCdApplication due = null;
        synchronized (this) {
            for (ArgoCdApplication state : all) {
                String cluster = state.facts().cluster();
                Instant last = probed.get(cluster);
                boolean isDue = age.isSilent(cluster, now)
                        && (last == null || !now.isBefore(last.plus(ComparisonAge.LIMIT)) || last.isAfter(now));
                if (isDue && budget.tryOptional(1, now)) {
                    probed.put(cluster, now);
                    due = state;
                    break;
                }
            }
        }
        if (due != null) {
            refresh(due, List.of(), cache);
        }
    }
}
