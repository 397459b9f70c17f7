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
 */
public record SyncOutcome(boolean succeeded, @CheckForNull String message, Map<String, String> failures) {
    static final SyncOutcome SUCCESS = new SyncOutcome(true, null, Map.of());

    public SyncOutcome {
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    }

    static SyncOutcome failed(String message, Map<String, String> failures) {
        return new SyncOutcome(false, message, failures);
    }

    /** Message and failures as one text. */
    public String summary() {
        StringBuilder text = new StringBuilder(message == null ? "" : message);
        failures.forEach(
                (label, failure) -> text.append("; ").append(label).append(": ").append(failure));
        return text.toString();
    }
}
