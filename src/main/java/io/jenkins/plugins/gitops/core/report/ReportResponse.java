package io.jenkins.plugins.gitops.core.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;

/**
 * What the receiver answers to a report, signed as the report is.
 *
 * @param instance of the report that is answered, so that what was said to one process cannot be played to another; null
 *     from a receiver that does not say
 * @param sequence the sequence of the report that is answered, so that an old answer cannot be played again
 * @param revisions newest known revision by repository URL as the agent named it: a push is picked up at once
 * @param syncRequests names of applications that a person asked to sync
 * @param pruneRequests for those whose deletions were asked for too, the revision, 40 hex digits: what neither it nor a later
 *     one holds may be deleted without further confirmation; left out when empty, as by older receivers
 * @param pages of how many pages a report may be; 1 from a receiver that does not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReportResponse(
        @CheckForNull String instance,
        long sequence,
        Map<String, String> revisions,
        List<String> syncRequests,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> pruneRequests,
        int pages) {
    public ReportResponse {
        revisions = revisions == null ? Map.of() : Map.copyOf(revisions);
        syncRequests = syncRequests == null ? List.of() : List.copyOf(syncRequests);
        pruneRequests = pruneRequests == null ? Map.of() : Map.copyOf(pruneRequests);
        pages = Math.max(1, Math.min(pages, Report.Page.MAX));
    }

    /** To a report. */
    public static ReportResponse to(
            Report report,
            Map<String, String> revisions,
            List<String> syncRequests,
            Map<String, String> pruneRequests) {
        return new ReportResponse(
                report.instance(), report.sequence(), revisions, syncRequests, pruneRequests, Report.Page.MAX);
    }

    /** To one page of a report, which says nothing yet. */
    public static ReportResponse toPage(Report page) {
        return to(page, Map.of(), List.of(), Map.of());
    }

    /** Whether this answers a report; of an absent instance only the sequence tells. */
    public boolean isResponseTo(Report report) {
        return sequence == report.sequence() && (instance == null || instance.equals(report.instance()));
    }
}
