package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a sync.
 *
 * @param message the error of the sync as a whole; null after a success
 * @param failures the server's message for each failed resource, by its label
 * @param outage whether the API server or one of its webhooks was unreachable or overloaded, which is temporary
 */
public record SyncResult(
        boolean succeeded, @CheckForNull String message, Map<String, String> failures, boolean outage) {
    static final SyncResult SUCCESS = new SyncResult(true, null, Map.of(), false);
    /** Maximum length of a summary in characters; failures that do not fit are only counted. */
    private static final int MAX_SUMMARY = 800;

    public SyncResult {
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    }

    /** Message and failures as one text; of many failures only the first ones. */
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
