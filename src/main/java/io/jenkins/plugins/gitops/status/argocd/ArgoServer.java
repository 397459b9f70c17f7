package io.jenkins.plugins.gitops.status.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.ArgoServerConfiguration;
import io.jenkins.plugins.gitops.core.argocd.ArgoAnswers;
import io.jenkins.plugins.gitops.core.argocd.ArgoProblem;
import io.jenkins.plugins.gitops.core.argocd.ArgoRequests;
import io.jenkins.plugins.gitops.core.argocd.ArgoState;
import io.jenkins.plugins.gitops.core.argocd.Pace;
import io.jenkins.plugins.gitops.core.argocd.Refreshes;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.StatusKey;
import io.jenkins.plugins.gitops.status.Sources;
import java.io.IOException;
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
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** One server: when it is asked for what. Everything that takes time happens elsewhere and comes back on the pool. */
final class ArgoServer {
    private static final Logger LOGGER = Logger.getLogger(ArgoServer.class.getName());
    private static final int NOT_FOUND = 404;
    private static final int MAX_NUDGED = 1_000;

    private final ArgoClient client;
    private final ArgoApplications applications;
    private final ArgoDetails details;
    private final ArgoMissing missing = new ArgoMissing();
    private final Refreshes refreshes = new Refreshes();
    /** Parses what it answers, one answer after the other. */
    private final Executor pool;

    private final InstantSource clock;
    private final Set<String> nudged = new LinkedHashSet<>();
    private final Map<String, Instant> askedAt = new HashMap<>();
    private volatile ArgoServerConfiguration configuration;
    private volatile Health health = new Health(null, null, null, false);
    private Set<Awaited> waits = Set.of();
    /** The commits that are awaited, by the label of the application. */
    private volatile Map<String, Set<String>> awaited = Map.of();

    private volatile String namespace;
    private Instant nextPoll = Instant.EPOCH;
    private boolean polling;
    private volatile boolean closed;
    private boolean stale;
    private int quiet;
    private int errors;

    /**
     * @param answeredAt when a list last came; null when none did yet
     * @param problem why it cannot be asked just now; null when it can
     * @param hint what is odd though it can be asked; null when nothing is
     * @param awaited whether anybody waits
     */
    record Health(
            @CheckForNull Instant answeredAt,
            @CheckForNull String problem,
            @CheckForNull String hint,
            boolean awaited) {
        boolean isStale(Instant now) {
            return answeredAt != null && now.isAfter(answeredAt.plus(Pace.patience(awaited)));
        }
    }

    ArgoServer(ArgoServerConfiguration configuration, Executor pool, InstantSource clock) {
        this.configuration = configuration;
        this.client = new ArgoClient(configuration.getUrl(), configuration.getCredentialsId());
        this.applications = new ArgoApplications(configuration.getName());
        this.details = new ArgoDetails(client, pool);
        this.pool = pool;
        this.clock = clock;
    }

    /** Takes a changed configuration over, if what is known is still of the same server and projects. */
    boolean isStill(ArgoServerConfiguration other) {
        boolean same = configuration.getUrl().equals(other.getUrl())
                && configuration.getCredentialsId().equals(other.getCredentialsId())
                && configuration.getProjects().equals(other.getProjects());
        if (same) {
            configuration = other;
        }
        return same;
    }

    /** It is not configured any more: nobody hears of it again. */
    void close() {
        closed = true;
        tellAll();
    }

    String name() {
        return configuration.getName();
    }

    ArgoServerConfiguration configuration() {
        return configuration;
    }

    ArgoApplications.View view() {
        return applications.view();
    }

    Health health() {
        return health;
    }

    /** Why an application of that name is on no list; null when it is not known. */
    @CheckForNull
    String whyMissing(String application) {
        return missing.reason(application);
    }

    /** All that wait for something from now on; asks at once when somebody new does. */
    synchronized void awaiting(Collection<Awaited> all) {
        Set<Awaited> mine = all.stream().filter(this::concerns).collect(Collectors.toUnmodifiableSet());
        boolean more = !waits.containsAll(mine);
        waits = mine;
        health = new Health(health.answeredAt(), health.problem(), health.hint(), !mine.isEmpty());
        if (more) {
            quiet = 0;
            nextPoll = errors == 0 ? Instant.EPOCH : nextPoll;
        }
        plan();
    }

    private boolean concerns(Awaited one) {
        return configuration.mayReport(one.target().environment())
                && one.target().isDeployedBy(AgentKind.ARGO_CD, configuration.getName());
    }

    /** Somebody says that an application changed; it is asked for soon. */
    synchronized void nudge(String key) {
        if (nudged.size() < MAX_NUDGED) {
            nudged.add(key);
        }
    }

    /** Does what is due; returns at once. Called every second, and sooner when something came in. */
    synchronized void tick(Instant now) {
        if (closed) {
            return;
        }
        boolean isStale = health.isStale(now);
        if (isStale != stale) {
            stale = isStale;
            tellAll();
        }
        if (!polling && !now.isBefore(nextPoll)) {
            polling = true;
            client.list(ArgoRequests.list(configuration.projectList()))
                    .whenCompleteAsync((body, error) -> listed(now, body, error), pool);
        }
        lookAtNudged(now);
        refreshDue(now);
    }

    private synchronized void lookAtNudged(Instant now) {
        for (String key : List.copyOf(nudged)) {
            Instant last = askedAt.get(key);
            if (last == null || !now.isBefore(last.plusSeconds(1))) {
                nudged.remove(key);
                askedAt.put(key, now);
                ArgoState known = applications.find(key);
                if (known != null) {
                    look(known);
                } else if (errors == 0 && now.plusSeconds(1).isBefore(nextPoll)) {
                    // Perhaps a new one, and perhaps none of ours: the next list tells.
                    nextPoll = now.plusSeconds(1);
                }
            }
        }
        askedAt.values().removeIf(last -> !now.isBefore(last.plusSeconds(1)));
    }

    private void refreshDue(Instant now) {
        Map<String, ArgoState> byLabel = view().byLabel();
        awaited.forEach((label, commits) -> {
            ArgoState state = byLabel.get(label);
            List<String> reasons = state == null ? List.of() : refreshes.due(state, commits, now);
            if (!reasons.isEmpty()) {
                refreshes.begin(state, reasons);
                String path = ArgoRequests.refresh(state.project(), state.namespace(), state.name());
                client.refresh(path, state.project(), label)
                        .whenCompleteAsync((body, error) -> refreshed(state, reasons, body, error), pool);
            }
        });
    }

    /** What is awaited in which application, as far as the applications are known. */
    private void plan() {
        ArgoApplications.View view = view();
        Map<String, Set<String>> byLabel = new HashMap<>();
        Set<String> keys = new HashSet<>();
        Set<String> absent = new HashSet<>();
        List<Awaited> toAsk = new ArrayList<>();
        for (Awaited wait : waits) {
            List<ApplicationStatus> found = view.statuses().about(wait.keys(), wait.target());
            found.forEach(status -> {
                byLabel.computeIfAbsent(status.name(), n -> new HashSet<>()).add(wait.commit());
                keys.add(view.byLabel().get(status.name()).key());
            });
            DeployedBy by = wait.target().deployedBy();
            if (found.isEmpty() && by != null && by.object() != null && absent.add(by.object())) {
                toAsk.add(wait);
            }
        }
        awaited = byLabel;
        details.retain(keys);
        missing.retain(absent);
        Map<String, Set<String>> byKey = new HashMap<>();
        byLabel.forEach((label, commits) -> byKey.put(view.byLabel().get(label).key(), commits));
        refreshes.retain(byKey);
        if (health.answeredAt() != null && health.problem() == null) {
            toAsk.forEach(this::askForMissing);
        }
    }

    private void askForMissing(Awaited wait) {
        DeployedBy by = wait.target().deployedBy();
        if (by == null || by.object() == null) {
            return;
        }
        missing.ask(client, configuration.projectList(), by.object(), clock.instant())
                .thenAcceptAsync(
                        news -> {
                            if (news) {
                                Sources.changed(Map.of(wait.key(), Set.of(StatusKey.of(wait.target()))));
                            }
                        },
                        pool);
    }

    private void listed(Instant asked, @CheckForNull byte[] body, @CheckForNull Throwable error) {
        Instant heard = clock.instant();
        try {
            if (error != null) {
                throw ArgoClient.refusal(error);
            }
            ArgoAnswers.Listing listing = ArgoAnswers.list(body, heard, namespace);
            namespace = listing.serverNamespace();
            Map<String, Set<String>> waitedFor = awaited;
            List<ArgoState> toAsk = applications.merge(
                    listing.applications(), asked, heard, s -> waitedFor.containsKey(s.label()) && !s.isDone());
            answered(heard, listing.applications().isEmpty());
            toAsk.forEach(state -> lookOr(state, () -> applications.accept(state, asked, heard)));
        } catch (IOException e) {
            failed(heard, e.getMessage());
        } catch (RuntimeException | Error e) {
            failed(e, heard);
        }
    }

    /** Something unforeseen, with what it answered or with this plugin; its trace is told once. */
    void failed(Throwable unexpected, Instant now) {
        String problem =
                "its answer could not be processed (" + unexpected.getClass().getSimpleName() + ")";
        boolean isNew = !problem.equals(health.problem());
        LOGGER.log(
                isNew ? Level.WARNING : Level.FINE,
                unexpected,
                () -> "cannot process what Argo CD " + configuration.getName() + " says");
        failed(now, problem);
    }

    private void answered(Instant heard, boolean empty) {
        Map<String, Set<StatusKey>> news = applications.publish();
        boolean recovered;
        synchronized (this) {
            recovered = health.problem() != null;
            String hint = empty ? ArgoProblem.nothingVisible(configuration.getProjects()) : null;
            health = new Health(heard, null, hint, health.awaited());
            errors = 0;
            quiet = news.isEmpty() ? quiet + 1 : 0;
            scheduleNext(heard);
            plan();
        }
        if (recovered) {
            LOGGER.info(() -> "Argo CD " + configuration.getName() + " answers again");
            tellAll();
        } else {
            Sources.changed(news);
        }
        tick(heard);
    }

    private void failed(Instant now, String problem) {
        boolean isNew;
        synchronized (this) {
            isNew = !problem.equals(health.problem());
            health = new Health(health.answeredAt(), problem, null, health.awaited());
            errors++;
            scheduleNext(now);
        }
        if (isNew) {
            LOGGER.warning(() -> "Argo CD " + configuration.getName() + ": " + problem);
            tellAll();
        }
    }

    private synchronized void scheduleNext(Instant now) {
        double random = ThreadLocalRandom.current().nextDouble();
        nextPoll = now.plus(Pace.next(health.awaited(), quiet, errors, random));
        polling = false;
    }

    /** Everybody who listens to this server looks again, also those whom it has not told anything yet. */
    private void tellAll() {
        Map<String, Set<StatusKey>> keys = new HashMap<>(view().statuses().keys());
        synchronized (this) {
            waits.stream()
                    .filter(wait -> wait.target().deployedBy() != null)
                    .forEach(wait -> keys.merge(wait.key(), Set.of(StatusKey.of(wait.target())), (one, other) -> {
                        Set<StatusKey> both = new HashSet<>(one);
                        both.addAll(other);
                        return both;
                    }));
        }
        Sources.changed(keys);
    }

    private void look(ArgoState known) {
        lookOr(known, () -> {});
    }

    /** Asks for one application and its resources; what is given is done when that fails. */
    private void lookOr(ArgoState known, Runnable otherwise) {
        if (!details.begin(known)) {
            return;
        }
        Instant asked = clock.instant();
        details.ask(known, namespace, asked)
                .whenCompleteAsync(
                        (state, error) -> {
                            if (error == null) {
                                applications.accept(state, asked, clock.instant());
                            } else if (ArgoClient.refusal(error).status() == NOT_FOUND) {
                                applications.remove(known.key());
                            } else {
                                otherwise.run();
                            }
                            tell();
                        },
                        pool);
    }

    private void refreshed(ArgoState asked, List<String> reasons, byte[] body, @CheckForNull Throwable error) {
        Instant now = clock.instant();
        ArgoState state = null;
        try {
            state = error == null ? ArgoAnswers.application(body, null, now, namespace) : null;
        } catch (IOException | RuntimeException | Error e) {
            LOGGER.log(Level.FINE, e, () -> "Argo CD " + configuration.getName() + " answered a refresh badly");
        }
        synchronized (this) {
            refreshes.end(asked, reasons, state != null);
        }
        if (state != null && state.isDone()) {
            applications.accept(state, now, now);
            tell();
        } else {
            // Running into the time-out, too, the server may have done it.
            look(asked);
        }
    }

    private void tell() {
        Map<String, Set<StatusKey>> news = applications.publish();
        synchronized (this) {
            if (!news.isEmpty()) {
                quiet = 0;
                plan();
            }
        }
        Sources.changed(news);
        tick(clock.instant());
    }
}
