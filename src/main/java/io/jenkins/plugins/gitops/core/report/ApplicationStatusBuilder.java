package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import io.jenkins.plugins.gitops.core.report.Report.OperationState;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.util.List;

/** Builds the status of an application. It starts as unknown in every respect, or as a copy of another status. */
public final class ApplicationStatusBuilder {
    private final String name;
    private String repository = "";
    private String path = "";
    private String compared;
    private String synced;
    private String sync = SyncState.UNKNOWN.wireName();
    private String health = Health.UNKNOWN.wireName();
    private OperationState operationState;
    private List<String> images = List.of();
    private List<ResourceStatus> resources = List.of();
    private String message;
    private String observedAt;
    private String comparedAt;
    private boolean requested;
    private boolean deleting;
    private List<ApplicationCondition> conditions = List.of();
    private String branch;
    private String blocked;
    private String outdated;
    private List<RunningImage> running;
    private List<LiveOverride> overrides = List.of();
    private String healthAt;
    private String deployedBy;

    private ApplicationStatusBuilder(String name) {
        this.name = name;
    }

    /** Starts with only a name. */
    public static ApplicationStatusBuilder of(String name) {
        return new ApplicationStatusBuilder(name);
    }

    /** Starts with a copy of a status. */
    public static ApplicationStatusBuilder of(ApplicationStatus status) {
        ApplicationStatusBuilder builder = new ApplicationStatusBuilder(status.name());
        builder.repository = status.repository();
        builder.path = status.path();
        builder.compared = status.comparedRevision();
        builder.synced = status.syncedRevision();
        builder.sync = status.sync();
        builder.health = status.health();
        builder.operationState = status.operation();
        builder.images = status.images();
        builder.resources = status.resources();
        builder.message = status.message();
        builder.observedAt = status.observedAt();
        builder.comparedAt = status.comparedAt();
        builder.requested = status.requested();
        builder.deleting = status.deleting();
        builder.conditions = status.conditions();
        builder.deployedBy = status.deployedBy();
        return builder.details(status.details());
    }

    /**
     * Sets the location of the manifests.
     *
     * @param url the URL of the repository
     * @param folder the folder in it, without leading or trailing slash
     */
    public ApplicationStatusBuilder at(String url, String folder) {
        repository = url;
        path = folder;
        return this;
    }

    /** @param revision the revision that the cluster was compared with; null if it was not compared */
    public ApplicationStatusBuilder compared(@CheckForNull String revision) {
        compared = revision;
        return this;
    }

    /** @param revision the applied revision; null if unknown */
    public ApplicationStatusBuilder synced(@CheckForNull String revision) {
        synced = revision;
        return this;
    }

    public ApplicationStatusBuilder sync(SyncState state) {
        sync = state.wireName();
        return this;
    }

    public ApplicationStatusBuilder health(Health state) {
        health = state.wireName();
        return this;
    }

    /** @param last the newest sync; null if there was none */
    public ApplicationStatusBuilder operation(@CheckForNull OperationState last) {
        operationState = last;
        return this;
    }

    /** @param names of the images as the agent lists them */
    public ApplicationStatusBuilder images(List<String> names) {
        images = List.copyOf(names);
        return this;
    }

    /** @param unready the resources that are not Synced and Healthy */
    public ApplicationStatusBuilder resources(List<ResourceStatus> unready) {
        resources = List.copyOf(unready);
        return this;
    }

    /** @param text the reason, one line; null if there is none */
    public ApplicationStatusBuilder message(@CheckForNull String text) {
        message = text;
        return this;
    }

    /** @param instant the time of the observation, ISO-8601 in UTC */
    public ApplicationStatusBuilder observedAt(String instant) {
        observedAt = instant;
        return this;
    }

    /** @param instant when the comparison started, ISO-8601 in UTC; null if it is {@code observedAt} */
    public ApplicationStatusBuilder comparedAt(@CheckForNull String instant) {
        comparedAt = instant;
        return this;
    }

    /** @param pending whether a requested sync has not started yet */
    public ApplicationStatusBuilder requested(boolean pending) {
        requested = pending;
        return this;
    }

    /** @param underWay whether the application itself is being deleted */
    public ApplicationStatusBuilder deleting(boolean underWay) {
        deleting = underWay;
        return this;
    }

    public ApplicationStatusBuilder conditions(List<ApplicationCondition> all) {
        conditions = List.copyOf(all);
        return this;
    }

    /** Replaces all details that only some agents report. */
    public ApplicationStatusBuilder details(Details details) {
        branch = details.branch();
        blocked = details.blocked();
        outdated = details.outdated();
        running = details.running();
        overrides = details.overrides();
        healthAt = details.healthAt();
        return this;
    }

    /** @param followed the branch or tag of the compared revision; null if unknown */
    public ApplicationStatusBuilder branch(@CheckForNull String followed) {
        branch = followed;
        return this;
    }

    /** @param why why nothing will happen by itself; null if no reason is known */
    public ApplicationStatusBuilder blocked(@CheckForNull String why) {
        blocked = why;
        return this;
    }

    /** @param why why the status is outdated; null if it is current */
    public ApplicationStatusBuilder outdated(@CheckForNull String why) {
        outdated = why;
        return this;
    }

    /** @param live the images of the live workloads; null if live objects cannot be read */
    public ApplicationStatusBuilder running(@CheckForNull List<RunningImage> live) {
        running = live == null ? null : List.copyOf(live);
        return this;
    }

    /** @param live the parts of the agent's own live object that take precedence over Git */
    public ApplicationStatusBuilder overrides(List<LiveOverride> live) {
        overrides = List.copyOf(live);
        return this;
    }

    /** @param revision the earlier revision whose health is carried over; null if health is that of the synced one */
    public ApplicationStatusBuilder healthAt(@CheckForNull String revision) {
        healthAt = revision;
        return this;
    }

    /** @param kind what deploys the application, if the sender only observes it */
    public ApplicationStatusBuilder deployedBy(AgentKind kind) {
        deployedBy = kind.key();
        return this;
    }

    /** Returns the status. */
    public ApplicationStatus build() {
        return new ApplicationStatus(
                name,
                repository,
                path,
                compared,
                synced,
                sync,
                health,
                operationState,
                images,
                resources,
                message,
                observedAt,
                comparedAt,
                requested,
                deleting,
                conditions,
                new Details(branch, blocked, outdated, running, overrides, healthAt),
                deployedBy);
    }
}
