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

/** Builds the status of an application, which is unknown in every respect to begin with, or that of another status. */
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

    /** Begins with nothing but a name. */
    public static ApplicationStatusBuilder of(String name) {
        return new ApplicationStatusBuilder(name);
    }

    /** Begins with all that a status says. */
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
     * Where its manifests are.
     *
     * @param url of the repository
     * @param folder in it, without a slash at either end
     */
    public ApplicationStatusBuilder at(String url, String folder) {
        repository = url;
        path = folder;
        return this;
    }

    /** @param revision that the cluster was compared with; null when it was not */
    public ApplicationStatusBuilder compared(@CheckForNull String revision) {
        compared = revision;
        return this;
    }

    /** @param revision that is applied; null when that is not known */
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

    /** @param last the newest sync; null when there was none */
    public ApplicationStatusBuilder operation(@CheckForNull OperationState last) {
        operationState = last;
        return this;
    }

    /** @param names of the images as the agent lists them */
    public ApplicationStatusBuilder images(List<String> names) {
        images = List.copyOf(names);
        return this;
    }

    /** @param unready those that are not Synced and Healthy */
    public ApplicationStatusBuilder resources(List<ResourceStatus> unready) {
        resources = List.copyOf(unready);
        return this;
    }

    /** @param text why it is so, one line; null when nothing was said */
    public ApplicationStatusBuilder message(@CheckForNull String text) {
        message = text;
        return this;
    }

    /** @param instant when it was observed, ISO-8601 in UTC */
    public ApplicationStatusBuilder observedAt(String instant) {
        observedAt = instant;
        return this;
    }

    /** @param instant when the comparison began, ISO-8601 in UTC; null when {@code observedAt} holds for it too */
    public ApplicationStatusBuilder comparedAt(@CheckForNull String instant) {
        comparedAt = instant;
        return this;
    }

    /** @param pending whether a sync was requested that has not started */
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

    /** Replaces all that only some agents can report. */
    public ApplicationStatusBuilder details(Details details) {
        branch = details.branch();
        blocked = details.blocked();
        outdated = details.outdated();
        running = details.running();
        overrides = details.overrides();
        healthAt = details.healthAt();
        return this;
    }

    /** @param followed branch or tag that the compared revision is of; null when that is not known */
    public ApplicationStatusBuilder branch(@CheckForNull String followed) {
        branch = followed;
        return this;
    }

    /** @param why nothing may happen any more; null when nothing points to that */
    public ApplicationStatusBuilder blocked(@CheckForNull String why) {
        blocked = why;
        return this;
    }

    /** @param why the status is older than it may be; null when it is fresh */
    public ApplicationStatusBuilder outdated(@CheckForNull String why) {
        outdated = why;
        return this;
    }

    /** @param live the images of the live workloads; null where live objects cannot be seen */
    public ApplicationStatusBuilder running(@CheckForNull List<RunningImage> live) {
        running = live == null ? null : List.copyOf(live);
        return this;
    }

    /** @param live what in the agent's own live object takes precedence over Git */
    public ApplicationStatusBuilder overrides(List<LiveOverride> live) {
        overrides = List.copyOf(live);
        return this;
    }

    /** @param revision the earlier one whose health is carried over; null when health is that of the synced one */
    public ApplicationStatusBuilder healthAt(@CheckForNull String revision) {
        healthAt = revision;
        return this;
    }

    /** @param kind what deploys it where the sender only observes that */
    public ApplicationStatusBuilder deployedBy(AgentKind kind) {
        deployedBy = kind.key();
        return this;
    }

    /** The status with all that was said. */
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
