package io.jenkins.plugins.gitops.core.sync;

import java.util.List;
import java.util.Map;

/**
 * What the receiver answers to a report, signed as the report is.
 *
 * @param sequence the sequence of the report that is answered, so that an old answer cannot be played again
 * @param revisions newest known revision by repository URL as the agent named it: a push is picked up at once
 * @param syncRequests names of applications that a person asked to sync
 */
public record ReportAnswer(long sequence, Map<String, String> revisions, List<String> syncRequests) {
    public ReportAnswer {
        revisions = revisions == null ? Map.of() : Map.copyOf(revisions);
        syncRequests = syncRequests == null ? List.of() : List.copyOf(syncRequests);
    }
}
