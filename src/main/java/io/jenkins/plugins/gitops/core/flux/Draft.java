package io.jenkins.plugins.gitops.core.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.sync.Report.Condition;
import io.jenkins.plugins.gitops.core.sync.Report.Operation;
import io.jenkins.plugins.gitops.core.sync.Report.Resource;
import java.util.List;

/** A status in the making; unknown in every respect to begin with. */
final class Draft {
    private final String object;
    private String repository = "";
    private String path = "";
    private String compared;
    private String synced;
    private SyncState sync = SyncState.UNKNOWN;
    private Health health = Health.UNKNOWN;
    private Operation operation;
    private List<Resource> resources = List.of();
    private String message;
    private List<Condition> conditions = List.of();
    private boolean deleting;
    private String branch;
    private String blocked;
    private String healthAt;

    Draft(String object) {
        this.object = object;
    }

    /** Begins with what is known. */
    Draft(ApplicationStatus status) {
        this(status.name());
        this.compared = status.comparedRevision();
        this.synced = status.syncedRevision();
        this.sync = SyncState.of(status.sync());
        this.health = Health.of(status.health());
        this.operation = status.operation();
        this.resources = status.resources();
        this.message = status.message();
        this.conditions = status.conditions();
        this.deleting = status.deleting();
        this.branch = status.details().branch();
        this.healthAt = status.details().healthAt();
    }

    Draft at(String url, String folder) {
        repository = url;
        path = folder;
        return this;
    }

    Draft compared(@CheckForNull String revision) {
        compared = revision;
        return this;
    }

    Draft synced(@CheckForNull String revision) {
        synced = revision;
        return this;
    }

    Draft sync(SyncState state) {
        sync = state;
        return this;
    }

    Draft health(Health state) {
        health = state;
        return this;
    }

    Draft operation(Operation last) {
        operation = last;
        return this;
    }

    Draft resources(List<Resource> ailing) {
        resources = ailing;
        return this;
    }

    Draft message(@CheckForNull String text) {
        message = text;
        return this;
    }

    Draft conditions(List<Condition> wrong) {
        conditions = wrong;
        return this;
    }

    /** @param followed branch or tag that the compared revision is of; null when that is not known */
    Draft branch(@CheckForNull String followed) {
        branch = followed;
        return this;
    }

    Draft deleting() {
        deleting = true;
        return this;
    }

    /** @param why nothing may happen any more; null when nothing points to that */
    Draft blocked(@CheckForNull String why) {
        blocked = why;
        return this;
    }

    /** @param revision the earlier one whose health is carried over; null when health is that of the synced one */
    Draft healthAt(@CheckForNull String revision) {
        healthAt = revision;
        return this;
    }

    ApplicationStatus status(String observedAt) {
        return new ApplicationStatus(
                object,
                repository,
                path,
                compared,
                synced,
                sync.word(),
                health.word(),
                operation,
                List.of(),
                resources,
                message,
                observedAt,
                null,
                false,
                deleting,
                conditions,
                new Report.Details(branch, blocked, null, null, List.of(), healthAt));
    }
}
