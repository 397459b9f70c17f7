package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Durations;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Interprets the sync windows of an Application. The server reports neither their time zones nor their ends. */
public final class SyncWindows {
    private static final int MAX_DAYS = 366;

    private SyncWindows() {}

    /**
     * Why an Application is currently not synced automatically.
     *
     * @param body the response to the sync window request
     * @param now when it was received
     * @return one line; null if it may be synced
     * @throws IOException if it is not a valid response
     */
    @CheckForNull
    public static String blockedBy(byte[] body, Instant now) throws IOException {
        JsonNode answer = ArgoCdResponses.parse(body);
        JsonNode canSync = answer.path("canSync");
        if (!canSync.isBoolean() || canSync.asBoolean()) {
            // Without any windows, the response may be an empty object.
            return null;
        }
        List<JsonNode> active = new ArrayList<>();
        JsonNodes.at(answer, "activeWindows").forEach(active::add);
        if (active.stream().anyMatch(window -> JsonNodes.text(window, "kind").equals("deny"))) {
            active.removeIf(window -> !JsonNodes.text(window, "kind").equals("deny"));
            return "blocked by a sync window" + describe(active) + "; it continues when the window ends"
                    + latest(active, now);
        }
        List<JsonNode> assigned = new ArrayList<>();
        JsonNodes.at(answer, "assignedWindows").forEach(assigned::add);
        return "outside its sync windows" + describe(assigned) + "; it continues when one begins";
    }

    private static String describe(List<JsonNode> windows) {
        List<String> words = windows.stream()
                .map(window -> JsonNodes.text(window, "kind") + " " + JsonNodes.text(window, "schedule") + " for "
                        + JsonNodes.text(window, "duration"))
                .toList();
        return words.isEmpty() ? "" : " (" + JsonNodes.line(String.join("; ", words)) + ")";
    }

    /** An active window ends within its duration, in any time zone, unless it starts again. */
    private static String latest(List<JsonNode> windows, Instant now) {
        Duration longest = Duration.ZERO;
        for (JsonNode window : windows) {
            Duration duration = duration(JsonNodes.text(window, "duration"));
            longest = duration.compareTo(longest) > 0 ? duration : longest;
        }
        return longest.isZero()
                ? ""
                : ", by " + now.plus(longest).truncatedTo(ChronoUnit.SECONDS) + " unless it begins again";
    }

    /** Parses Go's duration format, such as {@code 1h30m}; zero if it is malformed or longer than a year. */
    private static Duration duration(String text) {
        return Durations.ofUnits(text)
                .filter(duration -> duration.toDays() <= MAX_DAYS)
                .orElse(Duration.ZERO);
    }
}
