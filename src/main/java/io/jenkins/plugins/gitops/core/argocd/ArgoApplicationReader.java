package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.OperationPhase;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
import io.jenkins.plugins.gitops.core.sync.Report.Operation;
import io.jenkins.plugins.gitops.core.sync.Report.Override;
import io.jenkins.plugins.gitops.core.sync.Report.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Reads one Application. What Argo CD leaves open is read as not known, never as done. */
final class ArgoApplicationReader {
    private static final String REFRESH = "argocd.argoproj.io/refresh";
    private static final Pattern FAILED_REVISION = Pattern.compile("\\[([0-9a-f]{40})]");

    private final JsonNode application;
    private final JsonNode spec;
    private final JsonNode status;
    private final JsonNode tree;
    private final Instant now;

    @CheckForNull
    private final String ownNamespace;

    private ArgoApplicationReader(JsonNode application, JsonNode tree, Instant now, @CheckForNull String ownNamespace) {
        this.application = application;
        this.spec = Nodes.at(application, "spec");
        this.status = Nodes.at(application, "status");
        this.tree = tree;
        this.now = now;
        this.ownNamespace = ownNamespace;
    }

    /**
     * @param tree its resource tree; a missing node when it was not asked for
     * @param now when the answer came
     * @param ownNamespace the namespace of the server itself; null when it is not known
     * @return empty when it has no name
     */
    static Optional<ArgoState> read(
            JsonNode application, JsonNode tree, Instant now, @CheckForNull String ownNamespace) {
        return Nodes.text(application, "metadata", "name").isEmpty()
                ? Optional.empty()
                : Optional.of(new ArgoApplicationReader(application, tree, now, ownNamespace).state());
    }

    /** Without its resource tree. */
    static Optional<ArgoState> read(JsonNode application, Instant now, @CheckForNull String ownNamespace) {
        return read(application, MissingNode.getInstance(), now, ownNamespace);
    }

    /** The namespace of the server that compared it; null when it has not been compared yet. */
    @CheckForNull
    static String serverNamespace(JsonNode application) {
        String namespace = Nodes.text(application, "status", "controllerNamespace");
        return namespace.isEmpty() ? null : namespace;
    }

    private ArgoState state() {
        JsonNode metadata = Nodes.at(application, "metadata");
        String namespace = Nodes.text(metadata, "namespace");
        String version = Nodes.text(metadata, "resourceVersion");
        return new ArgoState(
                Nodes.text(spec, "project"),
                namespace.isEmpty() ? null : namespace,
                Nodes.text(metadata, "name"),
                Nodes.text(metadata, "uid"),
                version.matches("[0-9]{1,18}") ? Long.parseLong(version) : -1,
                GitSource.of(spec).stream().map(this::status).toList(),
                facts());
    }

    private ArgoState.Facts facts() {
        JsonNode destination = Nodes.at(spec, "destination");
        String server = Nodes.text(destination, "server");
        Instant comparedAt = Nodes.instant(status, "reconciledAt");
        return new ArgoState.Facts(
                server.isEmpty() ? Nodes.text(destination, "name") : server,
                comparedAt,
                !Nodes.text(application, "metadata", "annotations", REFRESH).isEmpty(),
                !ArgoAutomation.isOff(spec),
                ManagedWorkload.of(status));
    }

    private String name() {
        String name = Nodes.text(application, "metadata", "name");
        String namespace = Nodes.text(application, "metadata", "namespace");
        String own = Objects.requireNonNullElse(serverNamespace(application), Objects.toString(ownNamespace, ""));
        return namespace.isEmpty() || own.isEmpty() || namespace.equals(own) ? name : namespace + "/" + name;
    }

    private ApplicationStatus status(GitSource source) {
        JsonNode compared = Nodes.at(status, "sync");
        boolean current = Comparisons.isOfThis(spec, Nodes.at(compared, "comparedTo"));
        SyncState sync = current ? SyncState.of(Nodes.text(compared, "status")) : SyncState.UNKNOWN;
        String revision = current ? source.revisionIn(compared) : null;
        Operation operation = operation(source);
        Instant comparedAt = Nodes.instant(status, "reconciledAt");
        return ApplicationStatusBuilder.of(name())
                .at(source.repository(), source.path())
                .compared(revision)
                .synced(sync == SyncState.SYNCED && revision != null ? revision : lastApplied(source))
                .sync(sync)
                .health(Health.of(Nodes.text(status, "health", "status")))
                .operation(operation)
                .images(images())
                .resources(unready())
                .message(sync == SyncState.UNKNOWN ? whyUnknown(current) : null)
                .observedAt(observedAt().toString())
                .comparedAt(comparedAt == null ? null : comparedAt.toString())
                .requested(!Nodes.at(application, "operation").isMissingNode() && !isRunning(operation))
                .deleting(
                        !Nodes.at(application, "metadata", "deletionTimestamp").isMissingNode())
                .conditions(conditions())
                .details(details(source, sync, operation))
                .build();
    }

    private Report.Details details(GitSource source, SyncState sync, @CheckForNull Operation operation) {
        List<Override> overrides = SourceOverrides.of(spec);
        boolean idle =
                sync != SyncState.SYNCED && Nodes.at(application, "operation").isMissingNode() && !isRunning(operation);
        return new Report.Details(
                source.targetRevision(spec),
                idle ? ArgoAutomation.whyOff(spec, name()) : null,
                null,
                PodImages.of(status, overrides),
                overrides);
    }

    /** After a comparison that failed, everything seems to be left to prune. */
    private List<Resource> unready() {
        List<Resource> unready = new ArgoResources(status, tree).unready();
        return conditions().isEmpty()
                ? unready
                : unready.stream().filter(resource -> !resource.extra()).toList();
    }

    private static boolean isRunning(@CheckForNull Operation operation) {
        return operation != null && OperationPhase.of(operation.phase()) == OperationPhase.RUNNING;
    }

    /** What was read was written before it was read, whatever the two clocks say. */
    private Instant observedAt() {
        Instant latest = now;
        for (Instant moment : new Instant[] {
            Nodes.instant(status, "reconciledAt"),
            Nodes.instant(status, "operationState", "finishedAt"),
            Nodes.instant(status, "health", "lastTransitionTime")
        }) {
            latest = moment != null && moment.isAfter(latest) ? moment : latest;
        }
        return latest;
    }

    @CheckForNull
    private Operation operation(GitSource source) {
        JsonNode state = Nodes.at(status, "operationState");
        String phase = Nodes.text(state, "phase");
        if (phase.isEmpty()) {
            return null;
        }
        JsonNode sync = Nodes.at(state, "operation", "sync");
        String revision = source.revisionIn(Nodes.at(state, "syncResult"));
        if (revision == null) {
            revision = source.revisionIn(sync);
        }
        Instant started = Nodes.instant(state, "startedAt");
        Instant finished = Nodes.instant(state, "finishedAt");
        return new Operation(
                phase.equals("Terminating") ? OperationPhase.RUNNING.word() : phase,
                revision,
                (started == null ? now : started).toString(),
                finished == null ? null : finished.toString(),
                Nodes.at(state, "retryCount").asInt(),
                Nodes.line(Nodes.text(state, "message")),
                isPartial(sync));
    }

    /** Of such a sync neither the end nor the revision says anything about the whole. */
    private static boolean isPartial(JsonNode sync) {
        return sync.path("dryRun").asBoolean() || !Nodes.at(sync, "resources").isEmpty();
    }

    /** The revision of the last sync of the whole that came to its end. */
    @CheckForNull
    private String lastApplied(GitSource source) {
        JsonNode state = Nodes.at(status, "operationState");
        String phase = Nodes.text(state, "phase");
        if (phase.equals(OperationPhase.SUCCEEDED.word()) && !isPartial(Nodes.at(state, "operation", "sync"))) {
            String revision = source.revisionIn(Nodes.at(state, "syncResult"));
            if (revision != null) {
                return revision;
            }
        }
        // The entry of a sync is written while it still runs.
        Instant running = phase.equals(OperationPhase.RUNNING.word()) ? Nodes.instant(state, "startedAt") : null;
        String last = null;
        for (JsonNode entry : Nodes.at(status, "history")) {
            Instant deployed = Nodes.instant(entry, "deployedAt");
            if (source.isIn(entry) && (running == null || deployed != null && deployed.isBefore(running))) {
                last = source.revisionIn(entry);
            }
        }
        return last;
    }

    private List<String> images() {
        return StreamSupport.stream(Nodes.at(status, "summary", "images").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @CheckForNull
    private String whyUnknown(boolean current) {
        for (Condition condition : conditions()) {
            if (condition.type().equals("ComparisonError") || condition.type().equals("InvalidSpecError")) {
                return condition.message();
            }
        }
        boolean never = Nodes.text(status, "sync", "status").isEmpty();
        return current || never ? null : "its source or destination was changed after the last comparison";
    }

    private List<Condition> conditions() {
        List<Condition> found = new ArrayList<>();
        for (JsonNode condition : Nodes.at(status, "conditions")) {
            String type = Nodes.text(condition, "type");
            String message = Nodes.line(Nodes.text(condition, "message"));
            if (type.endsWith("Error")) {
                Instant at = Nodes.instant(condition, "lastTransitionTime");
                Matcher revision = FAILED_REVISION.matcher(Objects.toString(message, ""));
                found.add(new Condition(
                        type,
                        Objects.toString(message, type),
                        type.equals("SyncError") && revision.find() ? revision.group(1) : null,
                        (at == null ? now : at).toString()));
            }
        }
        return found;
    }
}
