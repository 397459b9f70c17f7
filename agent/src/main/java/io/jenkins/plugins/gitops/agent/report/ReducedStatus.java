package io.jenkins.plugins.gitops.agent.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * A status with less to say, for a report that would be too large: reasons become shorter, then resources and images are
 * left out. What decides about a change stays at every level: revisions, states, operation, types of conditions, and why a
 * status is outdated or blocked.
 */
final class ReducedStatus {
    /** Of a status that says least. */
    static final int MAX_LEVEL = 3;
    /** That a status was reduced; it fails no wait. */
    static final String CONDITION = "ReportReducedWarning";

    /** Characters of a message, by level. */
    private static final int[] MESSAGE = {TextSanitizer.MAX_LENGTH, 150, 150, 60};

    private static final int[] RESOURCES = {ApplicationStatus.MAX_RESOURCES, 5, 0, 0};
    private static final int[] IMAGES = {Report.Details.MAX_IMAGES, Report.Details.MAX_IMAGES, 5, 0};
    private static final int[] CONDITIONS = {20, 20, 5, 5};

    private final ApplicationStatus full;
    private final int level;
    private final String since;

    private ReducedStatus(ApplicationStatus full, int level, String since) {
        this.full = full;
        this.level = level;
        this.since = since;
    }

    /**
     * @param level 0 for the status as it is, {@link #MAX_LEVEL} for the least
     * @param since instant from which on reports had to be reduced
     */
    static ApplicationStatus of(ApplicationStatus full, int level, String since) {
        return level == 0 ? full : new ReducedStatus(full, level, since).status();
    }

    private ApplicationStatus status() {
        return new ApplicationStatus(
                full.name(),
                full.repository(),
                full.path(),
                full.comparedRevision(),
                full.syncedRevision(),
                full.sync(),
                full.health(),
                operation(),
                full.images().stream().limit(IMAGES[level]).toList(),
                full.resources().stream()
                        .limit(RESOURCES[level])
                        .map(r -> new Report.ResourceStatus(
                                r.kind(),
                                r.namespace(),
                                r.name(),
                                r.sync(),
                                r.health(),
                                text(r.message()),
                                r.requiresPruning()))
                        .toList(),
                text(full.message()),
                full.observedAt(),
                full.comparedAt(),
                full.requested(),
                full.deleting(),
                conditions(),
                details(),
                full.deployedBy());
    }

    @CheckForNull
    private Report.OperationState operation() {
        Report.OperationState o = full.operation();
        return o == null
                ? null
                : new Report.OperationState(
                        o.phase(),
                        o.revision(),
                        o.startedAt(),
                        o.finishedAt(),
                        o.retries(),
                        text(o.message()),
                        o.partial());
    }

    private List<ApplicationCondition> conditions() {
        List<ApplicationCondition> conditions = new ArrayList<>();
        conditions.add(new ApplicationCondition(
                CONDITION,
                "details were left out, since the agent's report would be too large with them",
                null,
                since));
        full.conditions().stream()
                .limit(CONDITIONS[level])
                .map(c -> new ApplicationCondition(c.type(), text(c.message()), c.revision(), c.at()))
                .forEach(conditions::add);
        return conditions;
    }

    /** Half a list of running images would say that the others do not run; none says that it is not known. */
    private Report.Details details() {
        Report.Details d = full.details();
        List<Report.RunningImage> running = d.running() == null || level > 1
                ? null
                : d.running().stream()
                        .map(i -> new Report.RunningImage(i.image(), i.workload(), i.ready(), text(i.message())))
                        .toList();
        return new Report.Details(
                d.branch(),
                text(d.blocked()),
                text(d.outdated()),
                running,
                d.overrides().stream()
                        .limit(level > 1 ? 1 : Report.Details.MAX_OVERRIDES)
                        .map(o -> new Report.LiveOverride(text(o.place()), text(o.value())))
                        .toList(),
                d.healthAt());
    }

    @CheckForNull
    private String text(@CheckForNull String text) {
        return text == null ? null : TextSanitizer.middle(text, MESSAGE[level]);
    }
}
