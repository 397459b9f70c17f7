package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.Durations;
import java.time.Duration;
import java.util.Map;

/**
 * How often Flux looks at an object, as its spec says.
 *
 * @param interval between two looks when all is well
 * @param retryInterval between two tries after a failure
 * @param timeout the longest that one try takes
 */
public record FluxIntervals(Duration interval, Duration retryInterval, Duration timeout) {
    /** Flux waits for health at least this long, whatever the spec says. */
    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(10);

    static FluxIntervals of(Map<String, Object> object) {
        Duration interval = parsed(JsonTree.text(object, "spec", "interval"), DEFAULT_INTERVAL);
        Duration timeout = parsed(JsonTree.text(object, "spec", "timeout"), interval);
        return new FluxIntervals(
                interval,
                parsed(JsonTree.text(object, "spec", "retryInterval"), interval),
                timeout.compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : timeout);
    }

    private static Duration parsed(@CheckForNull String text, Duration otherwise) {
        return text == null ? otherwise : Durations.ofGo(text).orElse(otherwise);
    }
}
