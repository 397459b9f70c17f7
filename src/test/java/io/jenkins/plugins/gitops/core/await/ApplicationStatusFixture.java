package io.jenkins.plugins.gitops.core.await;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Builds the reported status of payments-api-dev. Starts as Synced and Healthy without an operation. */
final class ApplicationStatusFixture {
    static final Instant T0 = Instant.parse("2026-01-01T10:00:00Z");

    private final String revision;
    private String name = "payments-api-dev";
    private String path = "p";
    private AgentKind kind = AgentKind.AGENT;
    private String compared;
    private String synced;
    private String sync = "Synced";
    private String health = "Healthy";
    private OperationState operationState;
    private final List<ResourceStatus> resources = new ArrayList<>();
    private final List<ApplicationCondition> conditions = new ArrayList<>();
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
    private final List<Report.LiveOverride> overrides = new ArrayList<>();

    private ApplicationStatusFixture(String revision) {
        this.revision = revision;
        this.compared = revision;
        this.synced = revision;
    }

    /** Returns the time so many seconds after {@link #T0}. */
    static String at(int seconds) {
        return T0.plusSeconds(seconds).toString();
    }

    /** Starts a status reported by our agent at a revision. */
    static ApplicationStatusFixture of(String revision) {
        return new ApplicationStatusFixture(revision);
    }

    /** Starts a status of Argo CD, which compared a revision so many seconds after {@link #T0}. */
    static ApplicationStatusFixture argo(String revision, int comparedAt) {
        ApplicationStatusFixture applicationStatusFixture = new ApplicationStatusFixture(revision);
        applicationStatusFixture.kind = AgentKind.ARGO_CD;
        applicationStatusFixture.comparedAt = at(comparedAt);
        return applicationStatusFixture;
    }

    static ApplicationStatusFixture flux(String revision) {
        ApplicationStatusFixture applicationStatusFixture = new ApplicationStatusFixture(revision);
        applicationStatusFixture.kind = AgentKind.FLUX;
        return applicationStatusFixture;
    }

    ApplicationStatusFixture neverCompared() {
        compared = null;
        sync = "Unknown";
        return this;
    }

    /** Sets OutOfSync; another revision is still applied. */
    ApplicationStatusFixture outOfSync(String applied) {
        sync = "OutOfSync";
        synced = applied;
        return this;
    }

    ApplicationStatusFixture applied(String revisionOrNull) {
        synced = revisionOrNull;
        return this;
    }

    ApplicationStatusFixture health(String word) {
        health = word;
        return this;
    }

    ApplicationStatusFixture operation(
            String phase, String at, int started, Integer finished, int retries, String text) {
        operationState = new OperationState(
                phase,
                at,
                ApplicationStatusFixture.at(started),
                finished == null ? null : ApplicationStatusFixture.at(finished),
                retries,
                text,
                false);
        return this;
    }

    ApplicationStatusFixture succeeded(String at, int finished) {
        return operation("Succeeded", at, finished - 1, finished, 0, null);
    }

    ApplicationStatusFixture running(String at) {
        return operation("Running", at, 0, null, 0, null);
    }

    ApplicationStatusFixture failed(String at, int finished, String text) {
        return operation("Failed", at, finished - 1, finished, 5, text);
    }

    ApplicationStatusFixture partial() {
        operationState = new OperationState(
                operationState.phase(),
                operationState.revision(),
                operationState.startedAt(),
                operationState.finishedAt(),
                operationState.retries(),
                operationState.message(),
                true);
        return this;
    }

    ApplicationStatusFixture resource(String name, String syncWord, String healthWord, String text) {
        resources.add(new ResourceStatus("Deployment", "ns", name, syncWord, healthWord, text));
        return this;
    }

    ApplicationStatusFixture extra(String name) {
        resources.add(new ResourceStatus("Service", "ns", name, "OutOfSync", "Healthy", null, true));
        return this;
    }

    ApplicationStatusFixture condition(String type, String text, String about, int since) {
        conditions.add(new ApplicationCondition(type, text, about, at(since)));
        return this;
    }

    ApplicationStatusFixture message(String text) {
        message = text;
        return this;
    }

    ApplicationStatusFixture requested() {
        requested = true;
        return this;
    }

    ApplicationStatusFixture deleting() {
        deleting = true;
        return this;
    }

    ApplicationStatusFixture stale() {
        stale = true;
        return this;
    }

    ApplicationStatusFixture problem(String text) {
        problem = text;
        return this;
    }

    /** Adds a problem that is not temporary. */
    ApplicationStatusFixture lasting(String text) {
        lasting = true;
        return problem(text);
    }

    ApplicationStatusFixture name(String text) {
        name = text;
        return this;
    }

    ApplicationStatusFixture path(String folder) {
        path = folder;
        return this;
    }

    ApplicationStatusFixture branch(String followed) {
        branch = followed;
        return this;
    }

    ApplicationStatusFixture blocked(String why) {
        blocked = why;
        return this;
    }

    ApplicationStatusFixture outdated(String why) {
        outdated = why;
        return this;
    }

    /** Makes live objects visible, though none runs an image yet. */
    ApplicationStatusFixture seesImages() {
        running = running == null ? new ArrayList<>() : running;
        return this;
    }

    ApplicationStatusFixture runs(String image) {
        seesImages();
        running.add(new RunningImage(image, "Deployment ns/payments-api", true, null));
        return this;
    }

    ApplicationStatusFixture runsNotReady(String image, String why) {
        seesImages();
        running.add(new RunningImage(image, "Deployment ns/payments-api", false, why));
        return this;
    }

    ApplicationStatusFixture override(String place, String value) {
        overrides.add(new Report.LiveOverride(place, value));
        return this;
    }

    AgentSnapshot by(String agent) {
        return new AgentSnapshot(kind, agent, T0, stale, problem, lasting, status());
    }

    ApplicationStatus status() {
        return ApplicationStatusBuilder.of(name)
                .at("u", path)
                .compared(compared)
                .synced(synced)
                .sync(SyncState.of(sync))
                .health(Health.of(health))
                .operation(operationState)
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
