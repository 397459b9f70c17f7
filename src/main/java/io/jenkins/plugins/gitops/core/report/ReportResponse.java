package io.jenkins.plugins.gitops.core.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;

/**
 * The response to a report, signed in the same way as the report.
 *
 * @param instance the instance of the answered report, so that the response cannot be replayed to another process; null
 *     from a receiver that does not send it
 * @param sequence the sequence of the answered report, so that an old response cannot be replayed
 * @param revisions the newest known revision by repository URL in the agent's spelling, so that the agent picks up a
 *     push at once
 * @param syncRequests names of the applications that a person requested a sync for
 * @param pruneRequests the revision, 40 hex digits, by application, if deletions were requested too: resources that are
 *     in neither this nor a later revision may be deleted without further confirmation. Omitted when empty, as by older
 *     receivers
 * @param pages the maximum number of pages of a report; 1 from a receiver that does not send it
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

    /** Creates the response to a report. */
    public static ReportResponse to(
            Report report,
            Map<String, String> revisions,
            List<String> syncRequests,
            Map<String, String> pruneRequests) {
        return new ReportResponse(
                report.instance(), report.sequence(), revisions, syncRequests, pruneRequests, Report.Page.MAX);
    }

    /** Creates the response to one page of an incomplete report, which contains nothing yet. */
    public static ReportResponse toPage(Report page) {
        return to(page, Map.of(), List.of(), Map.of());
    }

    /** Whether this is the response to a report; without an instance only the sequence is compared. */
    public boolean isResponseTo(Report report) {
        return sequence == report.sequence() && (instance == null || instance.equals(report.instance()));
    }
}
