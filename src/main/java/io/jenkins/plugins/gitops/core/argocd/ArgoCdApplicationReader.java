package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Reads one Application. What Argo CD leaves open is read as unknown, never as successful. */
final class ArgoCdApplicationReader {
    private static final String REFRESH = "argocd.argoproj.io/refresh";
    private static final Pattern FAILED_REVISION = Pattern.compile("\\[([0-9a-f]{40})]");

    private final JsonNode application;
    private final JsonNode spec;
    private final JsonNode status;
    private final JsonNode tree;
    private final Instant now;

    @CheckForNull
    private final String ownNamespace;

    private ArgoCdApplicationReader(
            JsonNode application, JsonNode tree, Instant now, @CheckForNull String ownNamespace) {
        this.application = application;
        this.spec = JsonNodes.at(application, "spec");
        this.status = JsonNodes.at(application, "status");
        this.tree = tree;
        this.now = now;
        this.ownNamespace = ownNamespace;
    }

    /**
     * Reads an application with its resource tree.
     *
     * @param tree its resource tree; a missing node if it was not requested
     * @param now when the response was received
     * @param ownNamespace the namespace of the server itself; null if unknown
     * @return empty if it has no name
     */
    static Optional<ArgoCdApplication> read(
            JsonNode application, JsonNode tree, Instant now, @CheckForNull String ownNamespace) {
        return JsonNodes.text(application, "metadata", "name").isEmpty()
                ? Optional.empty()
                : Optional.of(new ArgoCdApplicationReader(application, tree, now, ownNamespace).state());
    }

    /** Reads an application without its resource tree. */
    static Optional<ArgoCdApplication> read(JsonNode application, Instant now, @CheckForNull String ownNamespace) {
        return read(application, MissingNode.getInstance(), now, ownNamespace);
    }

    /** The namespace of the server that compared the application; null before the first comparison. */
    @CheckForNull
    static String serverNamespace(JsonNode application) {
        String namespace = JsonNodes.text(application, "status", "controllerNamespace");
        return namespace.isEmpty() ? null : namespace;
    }

    private ArgoCdApplication state() {
        JsonNode metadata = JsonNodes.at(application, "metadata");
        String namespace = JsonNodes.text(metadata, "namespace");
        String version = JsonNodes.text(metadata, "resourceVersion");
        return new ArgoCdApplication(
                JsonNodes.text(spec, "project"),
                namespace.isEmpty() ? null : namespace,
                JsonNodes.text(metadata, "name"),
                JsonNodes.text(metadata, "uid"),
                version.matches("[0-9]{1,18}") ? Long.parseLong(version) : -1,
                ApplicationGitSource.of(spec).stream().map(this::status).toList(),
                facts());
    }

    private ArgoCdApplication.ApplicationFacts facts() {
        JsonNode destination = JsonNodes.at(spec, "destination");
        String server = JsonNodes.text(destination, "server");
        Instant comparedAt = JsonNodes.instant(status, "reconciledAt");
        return new ArgoCdApplication.ApplicationFacts(
                server.isEmpty() ? JsonNodes.text(destination, "name") : server,
                comparedAt,
                !JsonNodes.text(application, "metadata", "annotations", REFRESH).isEmpty(),
                !ArgoCdAutomation.isOff(spec),
                ManagedWorkload.of(status));
    }

    private String name() {
        String name = JsonNodes.text(application, "metadata", "name");
        String namespace = JsonNodes.text(application, "metadata", "namespace");
        String own = Objects.requireNonNullElse(serverNamespace(application), Objects.toString(ownNamespace, ""));
        return namespace.isEmpty() || own.isEmpty() || namespace.equals(own) ? name : namespace + "/" + name;
    }

    private ApplicationStatus status(ApplicationGitSource source) {
        JsonNode compared = JsonNodes.at(status, "sync");
        boolean current = ComparedSource.isCurrent(spec, JsonNodes.at(compared, "comparedTo"));
        SyncState sync = current ? SyncState.of(JsonNodes.text(compared, "status")) : SyncState.UNKNOWN;
        String revision = current ? source.revisionIn(compared) : null;
        OperationState operationState = operation(source);
        Instant comparedAt = JsonNodes.instant(status, "reconciledAt");
        return ApplicationStatusBuilder.of(name())
                .at(source.repository(), source.path())
                .compared(revision)
                .synced(sync == SyncState.SYNCED && revision != null ? revision : lastApplied(source))
                .sync(sync)
                .health(Health.of(JsonNodes.text(status, "health", "status")))
                .operation(operationState)
                .images(images())
                .resources(unready())
                .message(sync == SyncState.UNKNOWN ? whyUnknown(current) : null)
                .observedAt(observedAt().toString())
                .comparedAt(comparedAt == null ? null : comparedAt.toString())
                .requested(!JsonNodes.at(application, "operation").isMissingNode() && !isRunning(operationState))
                .deleting(!JsonNodes.at(application, "metadata", "deletionTimestamp")
                        .isMissingNode())
                .conditions(conditions())
                .details(details(source, sync, operationState))
                .build();
    }

    private Report.Details details(
            ApplicationGitSource source, SyncState sync, @CheckForNull OperationState operationState) {
        List<LiveOverride> overrides = SourceOverrides.of(spec);
        boolean idle = sync != SyncState.SYNCED
                && JsonNodes.at(application, "operation").isMissingNode()
                && !isRunning(operationState);
        return new Report.Details(
                source.targetRevision(spec),
                idle ? ArgoCdAutomation.whyOff(spec, name()) : null,
                null,
                PodImages.of(status, overrides),
                overrides);
    }

    /** After a failed comparison, all resources seem to require pruning. */
    private List<ResourceStatus> unready() {
        List<ResourceStatus> unready = new UnreadyResources(status, tree).unready();
        return conditions().isEmpty()
                ? unready
                : unready.stream()
                        .filter(resourceStatus -> !resourceStatus.requiresPruning())
                        .toList();
    }

    private static boolean isRunning(@CheckForNull OperationState operationState) {
        return operationState != null && OperationPhase.of(operationState.phase()) == OperationPhase.RUNNING;
    }

    /** The times in a response lie before its receipt, even if the clocks differ. */
    private Instant observedAt() {
        Instant latest = now;
        for (Instant moment : new Instant[] {
            JsonNodes.instant(status, "reconciledAt"),
            JsonNodes.instant(status, "operationState", "finishedAt"),
            JsonNodes.instant(status, "health", "lastTransitionTime")
        }) {
            latest = moment != null && moment.isAfter(latest) ? moment : latest;
        }
        return latest;
    }

    @CheckForNull
    private OperationState operation(ApplicationGitSource source) {
        JsonNode state = JsonNodes.at(status, "operationState");
        String phase = JsonNodes.text(state, "phase");
        if (phase.isEmpty()) {
            return null;
        }
        JsonNode sync = JsonNodes.at(state, "operation", "sync");
        String revision = source.revisionIn(JsonNodes.at(state, "syncResult"));
        if (revision == null) {
            revision = source.revisionIn(sync);
        }
        Instant started = JsonNodes.instant(state, "startedAt");
        Instant finished = JsonNodes.instant(state, "finishedAt");
        return new OperationState(
                phase.equals("Terminating") ? OperationPhase.RUNNING.wireName() : phase,
                revision,
                (started == null ? now : started).toString(),
                finished == null ? null : finished.toString(),
                JsonNodes.at(state, "retryCount").asInt(),
                JsonNodes.line(JsonNodes.text(state, "message")),
                isPartial(sync));
    }

    /** Neither the end nor the revision of a partial sync says anything about the whole application. */
    private static boolean isPartial(JsonNode sync) {
        return sync.path("dryRun").asBoolean()
                || !JsonNodes.at(sync, "resources").isEmpty();
    }

    /** The revision of the last completed sync of the whole application. */
    @CheckForNull
    private String lastApplied(ApplicationGitSource source) {
        JsonNode state = JsonNodes.at(status, "operationState");
        String phase = JsonNodes.text(state, "phase");
        if (phase.equals(OperationPhase.SUCCEEDED.wireName()) && !isPartial(JsonNodes.at(state, "operation", "sync"))) {
            String revision = source.revisionIn(JsonNodes.at(state, "syncResult"));
            if (revision != null) {
                return revision;
            }
        }
        // The history entry is written while the sync is still running.
        Instant running =
                phase.equals(OperationPhase.RUNNING.wireName()) ? JsonNodes.instant(state, "startedAt") : null;
        String last = null;
        for (JsonNode entry : JsonNodes.at(status, "history")) {
            Instant deployed = JsonNodes.instant(entry, "deployedAt");
            if (source.isListedIn(entry) && (running == null || deployed != null && deployed.isBefore(running))) {
                last = source.revisionIn(entry);
            }
        }
        return last;
    }

    private List<String> images() {
        return StreamSupport.stream(JsonNodes.at(status, "summary", "images").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @CheckForNull
    private String whyUnknown(boolean current) {
        for (ApplicationCondition condition : conditions()) {
            if (condition.type().equals("ComparisonError") || condition.type().equals("InvalidSpecError")) {
                return condition.message();
            }
        }
        boolean never = JsonNodes.text(status, "sync", "status").isEmpty();
        return current || never ? null : "its source or destination was changed after the last comparison";
    }

    private List<ApplicationCondition> conditions() {
        List<ApplicationCondition> found = new ArrayList<>();
        for (JsonNode condition : JsonNodes.at(status, "conditions")) {
            String type = JsonNodes.text(condition, "type");
            String message = JsonNodes.line(JsonNodes.text(condition, "message"));
            if (type.endsWith("Error")) {
                Instant at = JsonNodes.instant(condition, "lastTransitionTime");
                Matcher revision = FAILED_REVISION.matcher(Objects.toString(message, ""));
                found.add(new ApplicationCondition(
                        type,
                        Objects.toString(message, type),
                        type.equals("SyncError") && revision.find() ? revision.group(1) : null,
                        (at == null ? now : at).toString()));
            }
        }
        return found;
    }
}
