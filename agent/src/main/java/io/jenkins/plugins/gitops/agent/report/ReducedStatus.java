package io.jenkins.plugins.gitops.agent.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * A reduced status, for a report that would be too large: messages are truncated, then resources and images are
 * omitted. All levels keep what decides about a change: revisions, states, operation, types of conditions, and why a
 * status is outdated or blocked.
 */
final class ReducedStatus {
    /** The level with the fewest details. */
    static final int MAX_LEVEL = 3;
    /** The condition of a reduced status; it fails no wait. */
    static final String CONDITION = "ReportReducedWarning";

    /** Maximum length of a message in characters, by level. */
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
     * @param level 0 for the full status, {@link #MAX_LEVEL} for the fewest details
     * @param since when reports first had to be reduced
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

    /**
     * Omits the list of running images instead of truncating it: missing images would count as not running, whereas
     * null means unknown.
     */
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
