package io.jenkins.plugins.gitops.core.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;

/**
 * Sanitizes the texts of a report and limits their lengths and the sizes of lists, both when it is sent and when it is
 * received, so that no other code has to.
 */
public final class ReportSanitizer {
    /** The limit per application. */
    private static final int MAX_CONDITIONS = 20;

    private ReportSanitizer() {}

    /** Returns a copy of the report with texts that are safe for logs and pages. */
    static Report sanitize(Report report) {
        return new Report(
                line(report.instance()),
                report.startedAt(),
                report.sequence(),
                report.intervalSeconds(),
                report.applications().stream().map(ReportSanitizer::truncate).toList(),
                report.readOnly(),
                report.page(),
                report.omitted());
    }

    /** Returns a copy of the status with texts and lists of bounded length. */
    public static Report.ApplicationStatus truncate(Report.ApplicationStatus a) {
        return new Report.ApplicationStatus(
                line(a.name()),
                line(a.repository()),
                line(a.path()),
                line(a.comparedRevision()),
                line(a.syncedRevision()),
                line(a.sync()),
                line(a.health()),
                sanitize(a.operation()),
                a.images().stream()
                        .limit(Report.Details.MAX_IMAGES)
                        .map(ReportSanitizer::line)
                        .toList(),
                a.resources().stream()
                        .limit(Report.ApplicationStatus.MAX_RESOURCES)
                        .map(ReportSanitizer::sanitize)
                        .toList(),
                line(a.message()),
                a.observedAt(),
                a.comparedAt(),
                a.requested(),
                a.deleting(),
                a.conditions().stream()
                        .limit(MAX_CONDITIONS)
                        .map(c -> new Report.ApplicationCondition(
                                line(c.type()), line(c.message()), line(c.revision()), c.at()))
                        .toList(),
                sanitize(a.details()),
                line(a.deployedBy()));
    }

    private static Report.Details sanitize(Report.Details d) {
        List<Report.RunningImage> running = d.running();
        return new Report.Details(
                line(d.branch()),
                line(d.blocked()),
                line(d.outdated()),
                running == null
                        ? null
                        : running.stream()
                                .limit(Report.Details.MAX_IMAGES)
                                .map(ReportSanitizer::sanitize)
                                .toList(),
                d.overrides().stream()
                        .limit(Report.Details.MAX_OVERRIDES)
                        .map(o -> new Report.LiveOverride(line(o.place()), line(o.value())))
                        .toList(),
                line(d.healthAt()));
    }

    @CheckForNull
    private static Report.OperationState sanitize(@CheckForNull Report.OperationState o) {
        return o == null
                ? null
                : new Report.OperationState(
                        line(o.phase()),
                        line(o.revision()),
                        o.startedAt(),
                        o.finishedAt(),
                        o.retries(),
                        line(o.message()),
                        o.partial());
    }

    private static Report.RunningImage sanitize(Report.RunningImage i) {
        return new Report.RunningImage(
                line(i.image()),
                line(i.workload()),
                i.ready(),
                line(i.message()),
                i.digests().stream()
                        .limit(Report.RunningImage.MAX_DIGESTS)
                        .map(ReportSanitizer::line)
                        .toList());
    }

    private static Report.ResourceStatus sanitize(Report.ResourceStatus r) {
        return new Report.ResourceStatus(
                line(r.kind()),
                line(r.namespace()),
                line(r.name()),
                line(r.sync()),
                line(r.health()),
                line(r.message()),
                r.requiresPruning());
    }

    @CheckForNull
    private static String line(@CheckForNull String text) {
        return text == null || isPlain(text) ? text : TextSanitizer.line(text);
    }

    /** Whether the text needs no sanitizing. That is true for most, and each report has thousands of texts. */
    private static boolean isPlain(String text) {
        int length = text.length();
        if (length > TextSanitizer.MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean space = c == ' ' && (i == 0 || i == length - 1 || text.charAt(i - 1) == ' ');
            if (c < ' ' || c > '~' || space) {
                return false;
            }
        }
        return true;
    }
}
