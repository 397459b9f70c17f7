package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.Durations;
import java.time.Duration;
import java.util.Map;

/**
 * How often Flux reconciles an object, from its spec.
 *
 * @param interval the time between two reconciliations after a success
 * @param retryInterval the time between two attempts after a failure
 * @param timeout the maximum duration of one attempt
 */
public record FluxIntervals(Duration interval, Duration retryInterval, Duration timeout) {
    /** Flux waits for health at least this long, regardless of the spec. */
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
