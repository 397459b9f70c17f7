package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.cluster.ClusterApi;
import io.jenkins.plugins.gitops.agent.cluster.ClusterException;
import io.jenkins.plugins.gitops.agent.cluster.ObjectId;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportResponse;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Requests reconciliations from Flux and refreshes from Argo CD. This is all that an observer may write, and only if it
 * is configured and its RBAC allows the patch. Sends one request per object and commit. Not thread-safe.
 */
final class ReconcileRequests {
    /** The maximum number of objects to remember. */
    private static final int MAX_REQUESTS = 10_000;

    private final ClusterApi api;
    private final ObservedState state;
    private final Consumer<String> log;
    private final Clock clock;
    private final Map<String, String> asked = new LinkedHashMap<>();
    private final Map<String, Boolean> refused = new ConcurrentHashMap<>();

    ReconcileRequests(ClusterApi api, ObservedState state, Consumer<String> log, Clock clock) {
        this.api = api;
        this.state = state;
        this.log = log;
        this.clock = clock;
    }

    /** Sends the requests that a response of Jenkins calls for. */
    void accept(ReportResponse answer) {
        answer.revisions().forEach((repository, revision) -> {
            state.sources.all().stream()
                    .filter(source -> repository.equals(source.url()))
                    .filter(source -> !source.suspended() && !revision.equals(source.revision()))
                    .forEach(source -> reconcile(source.ref(), revision));
            state.applications.all().stream()
                    .filter(application -> isBehind(application.state(), repository, revision))
                    .forEach(application -> refresh(application.state(), revision));
        });
        answer.syncRequests().forEach(this::sync);
    }

    private static boolean isBehind(ArgoCdApplication application, String repository, String revision) {
        return application.statuses().stream()
                .anyMatch(status ->
                        repository.equals(status.repository()) && !revision.equals(status.comparedRevision()));
    }

    /** Performs a person's sync request: the source first, so that the newest commit is applied. */
    private void sync(String name) {
        state.objects.all().stream()
                .filter(object -> object.ref().object().equals(name))
                .findFirst()
                .ifPresent(object -> {
                    String request = "sync of " + object.tries().last();
                    reconcile(object.source(), request);
                    reconcile(object.ref(), request);
                });
        state.applications.all().stream()
                .map(ObservedApplication::state)
                .filter(application -> application.label().equals(name))
                .forEach(application -> refresh(
                        application,
                        "sync of "
                                + application.statuses().stream()
                                        .map(ApplicationStatus::comparedAt)
                                        .toList()));
    }

    private void reconcile(FluxRef ref, String reason) {
        ResourceKind kind = ref.kind().equals(ObservedKinds.KUSTOMIZATION.kind())
                ? ObservedKinds.KUSTOMIZATION
                : ObservedKinds.SOURCES.stream()
                        .filter(source -> source.kind().equals(ref.kind()))
                        .findFirst()
                        .orElse(null);
        if (kind != null) {
            annotate(
                    new ObjectId(kind, ref.namespace(), ref.name()),
                    FluxSource.REQUESTED_AT,
                    clock.instant().toString(),
                    reason);
        }
    }

    private void refresh(ArgoCdApplication application, String reason) {
        annotate(
                new ObjectId(ObservedKinds.APPLICATION, application.namespace(), application.name()),
                ObservedApplication.REFRESH,
                "normal",
                reason);
    }

    private void annotate(ObjectId id, String annotation, String value, String reason) {
        String key = id.kind().groupKind() + " " + id.namespace() + "/" + id.name();
        if (reason.equals(asked.put(key, reason))) {
            return;
        }
        if (asked.size() > MAX_REQUESTS) {
            asked.remove(asked.keySet().iterator().next());
        }
        try {
            api.annotate(id, Map.of(annotation, value));
            refused.remove(id.kind().groupKind());
        } catch (ClusterException e) {
            if (e.isOutage()) {
                asked.remove(key);
            }
            if (refused.put(id.kind().groupKind(), true) == null) {
                log.accept(key + " cannot be asked to reconcile: " + e.getMessage());
            }
        }
    }
}
