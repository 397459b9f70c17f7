package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h)");

    static FluxIntervals of(Map<String, Object> object) {
        Duration interval = parsed(JsonTree.text(object, "spec", "interval"), DEFAULT_INTERVAL);
        Duration timeout = parsed(JsonTree.text(object, "spec", "timeout"), interval);
        return new FluxIntervals(
                interval,
                parsed(JsonTree.text(object, "spec", "retryInterval"), interval),
                timeout.compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : timeout);
    }

    /** A duration as Go writes it, such as {@code 1h30m}; the other one for what is no such text. */
    private static Duration parsed(@CheckForNull String text, Duration otherwise) {
        Matcher part = PART.matcher(text == null ? "" : text);
        double millis = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            double unit =
                    switch (part.group(2)) {
                        case "ms" -> 1;
                        case "s" -> 1_000;
                        case "m" -> 60_000;
                        default -> 3_600_000;
                    };
            millis += Double.parseDouble(part.group(1)) * unit;
            end = part.end();
        }
        return text == null || end != text.length() || millis < 1 ? otherwise : Duration.ofMillis((long) millis);
    }
}
