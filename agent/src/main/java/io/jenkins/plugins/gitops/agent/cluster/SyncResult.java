package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a sync ended.
 *
 * @param message what went wrong as a whole; null after a success
 * @param failures the server's message for each resource that failed, by its label
 * @param outage whether the API server, or a webhook of it, was away or too busy, which passes
 */
public record SyncResult(
        boolean succeeded, @CheckForNull String message, Map<String, String> failures, boolean outage) {
    static final SyncResult SUCCESS = new SyncResult(true, null, Map.of(), false);
    /** Characters of a summary; what does not fit is counted. */
    private static final int MAX_SUMMARY = 800;

    public SyncResult {
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    }

    /** Message and failures as one text; of many failures the first ones. */
    public String summary() {
        StringBuilder text = new StringBuilder(message == null ? "" : message);
        int named = 0;
        for (Map.Entry<String, String> failure : failures.entrySet()) {
            String next = "; " + failure.getKey() + ": " + failure.getValue();
            if (named > 0 && text.length() + next.length() > MAX_SUMMARY) {
                return text.append("; and ")
                        .append(failures.size() - named)
                        .append(" more")
                        .toString();
            }
            text.append(next);
            named++;
        }
        return text.toString();
    }
}
