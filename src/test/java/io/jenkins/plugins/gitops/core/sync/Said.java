package io.jenkins.plugins.gitops.core.sync;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
import io.jenkins.plugins.gitops.core.sync.Report.Operation;
import io.jenkins.plugins.gitops.core.sync.Report.Resource;
import io.jenkins.plugins.gitops.core.sync.Report.RunningImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What an agent says of payments-api-dev, put together word by word. Begins as Synced and Healthy without an operation. */
final class Said {
    static final Instant T0 = Instant.parse("2026-01-01T10:00:00Z");

    private final String revision;
    private String name = "payments-api-dev";
    private String path = "p";
    private AgentKind kind = AgentKind.AGENT;
    private String compared;
    private String synced;
    private String sync = "Synced";
    private String health = "Healthy";
    private Operation operation;
    private final List<Resource> resources = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();
    private String message;
    private String comparedAt;
    private boolean requested;
    private boolean deleting;
    private boolean stale;
    private String problem;
    private boolean lasting;
    private String branch;
    private String blocked;
    private String outdated;
    private List<RunningImage> running;
    private final List<Report.Override> overrides = new ArrayList<>();

    private Said(String revision) {
        this.revision = revision;
        this.compared = revision;
        this.synced = revision;
    }

    /** Seconds after {@link #T0}. */
    static String at(int seconds) {
        return T0.plusSeconds(seconds).toString();
    }

    /** Our agent, of a revision. */
    static Said of(String revision) {
        return new Said(revision);
    }

    /** Argo CD, which compared a revision so many seconds after {@link #T0}. */
    static Said argo(String revision, int comparedAt) {
        Said said = new Said(revision);
        said.kind = AgentKind.ARGO_CD;
        said.comparedAt = at(comparedAt);
        return said;
    }

    static Said flux(String revision) {
        Said said = new Said(revision);
        said.kind = AgentKind.FLUX;
        return said;
    }

    Said neverCompared() {
        compared = null;
        sync = "Unknown";
        return this;
    }

    /** OutOfSync, and what was applied is still another revision. */
    Said outOfSync(String applied) {
        sync = "OutOfSync";
        synced = applied;
        return this;
    }

    Said applied(String revisionOrNull) {
        synced = revisionOrNull;
        return this;
    }

    Said health(String word) {
        health = word;
        return this;
    }

    Said operation(String phase, String at, int started, Integer finished, int retries, String text) {
        operation = new Operation(
                phase, at, Said.at(started), finished == null ? null : Said.at(finished), retries, text, false);
        return this;
    }

    Said succeeded(String at, int finished) {
        return operation("Succeeded", at, finished - 1, finished, 0, null);
    }

    Said running(String at) {
        return operation("Running", at, 0, null, 0, null);
    }

    Said failed(String at, int finished, String text) {
        return operation("Failed", at, finished - 1, finished, 5, text);
    }

    Said partial() {
        operation = new Operation(
                operation.phase(),
                operation.revision(),
                operation.startedAt(),
                operation.finishedAt(),
                operation.retries(),
                operation.message(),
                true);
        return this;
    }

    Said resource(String name, String syncWord, String healthWord, String text) {
        resources.add(new Resource("Deployment", "ns", name, syncWord, healthWord, text));
        return this;
    }

    Said extra(String name) {
        resources.add(new Resource("Service", "ns", name, "OutOfSync", "Healthy", null, true));
        return this;
    }

    Said condition(String type, String text, String about, int since) {
        conditions.add(new Condition(type, text, about, at(since)));
        return this;
    }

    Said message(String text) {
        message = text;
        return this;
    }

    Said requested() {
        requested = true;
        return this;
    }

    Said deleting() {
        deleting = true;
        return this;
    }

    Said stale() {
        stale = true;
        return this;
    }

    Said problem(String text) {
        problem = text;
        return this;
    }

    /** A problem that does not go away by itself. */
    Said lasting(String text) {
        lasting = true;
        return problem(text);
    }

    Said name(String text) {
        name = text;
        return this;
    }

    Said path(String folder) {
        path = folder;
        return this;
    }

    Said branch(String followed) {
        branch = followed;
        return this;
    }

    Said blocked(String why) {
        blocked = why;
        return this;
    }

    Said outdated(String why) {
        outdated = why;
        return this;
    }

    /** Live objects can be seen, though none runs an image yet. */
    Said seesImages() {
        running = running == null ? new ArrayList<>() : running;
        return this;
    }

    Said runs(String image) {
        seesImages();
        running.add(new RunningImage(image, "Deployment ns/payments-api", true, null));
        return this;
    }

    Said runsNotReady(String image, String why) {
        seesImages();
        running.add(new RunningImage(image, "Deployment ns/payments-api", false, why));
        return this;
    }

    Said override(String place, String value) {
        overrides.add(new Report.Override(place, value));
        return this;
    }

    Snapshot by(String agent) {
        return new Snapshot(kind, agent, T0, stale, problem, lasting, status());
    }

    ApplicationStatus status() {
        return ApplicationStatusBuilder.of(name)
                .at("u", path)
                .compared(compared)
                .synced(synced)
                .sync(SyncState.of(sync))
                .health(Health.of(health))
                .operation(operation)
                .resources(resources)
                .message(message)
                .observedAt(at(100))
                .comparedAt(comparedAt)
                .requested(requested)
                .deleting(deleting)
                .conditions(conditions)
                .branch(branch)
                .blocked(blocked)
                .outdated(outdated)
                .running(running)
                .overrides(overrides)
                .build();
    }

    @Override
    public String toString() {
        return revision.substring(0, 8);
    }
}
