package io.jenkins.plugins.gitops.core.flux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The events of a real Flux for one change, the history of its branch, and the expected verdicts of a wait. */
final class FluxCase {
    static final List<String> NAMES = List.of(
            "01-success-before-configured",
            "02-configured-excluded",
            "03-wait-off-after-degraded",
            "04-context-canceled",
            "05-context-canceled-names-resource",
            "06-dry-run-failed-then-success",
            "07-artifact-failed-connection-refused",
            "08-object-has-been-modified",
            "09-health-word-lost",
            "10-in-progress-at-timeout",
            "11-suspended",
            "12-adoption",
            "13-healthchecks-elsewhere",
            "14-other-branch-merge-commit",
            "15-dependency-not-ready",
            "16-plain-live",
            "17-never-ready-degraded",
            "18-superseded",
            "19-comment-only",
            "20-skipped-live-at-descendant",
            "21-build-failure",
            "22-dry-run-fails-on",
            "23-source-cannot-be-read",
            "24-kustomization-deleted");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The body of an event, and when it arrives, in seconds after the change. */
    record Sent(double at, byte[] body) {}

    /** The expected verdict of a wait at one time. */
    record Expected(double after, List<String> verdicts, boolean healthChecked, List<String> says) {}

    private final JsonNode json;

    private FluxCase(JsonNode json) {
        this.json = json;
    }

    static FluxCase read(String name) throws IOException {
        return new FluxCase(FluxRecordings.read("cases/" + name + ".json"));
    }

    /** Returns the time so many seconds after the change. */
    Instant moment(double seconds) {
        return Instant.parse(json.at("/awaited/changedAt").asText()).plusMillis(Math.round(seconds * 1000));
    }

    /** Returns the events that arrived, in order of arrival. */
    List<Sent> heard() throws IOException {
        return sent("events");
    }

    /** Returns the events that Flux sent but that did not arrive. */
    List<Sent> lost() throws IOException {
        return sent("lost");
    }

    private List<Sent> sent(String key) throws IOException {
        List<Sent> all = new ArrayList<>();
        for (JsonNode event : json.path(key)) {
            all.add(new Sent(event.get("at").asDouble(), JSON.writeValueAsBytes(event.get("body"))));
        }
        return all;
    }

    List<Expected> expected() {
        List<Expected> all = new ArrayList<>();
        for (JsonNode expected : json.get("expected")) {
            all.add(new Expected(
                    expected.get("after").asDouble(),
                    texts(expected.get("verdict")),
                    expected.path("healthChecked").asBoolean(),
                    texts(expected.get("says"))));
        }
        return all;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    String object() {
        return json.at("/awaited/object").asText();
    }

    /** Returns the target's folder. */
    String folder() {
        return json.at("/awaited/folder").asText();
    }

    AgentReference deployedBy(boolean healthChecked) {
        return new AgentReference(AgentKind.FLUX, "live", object(), null, healthChecked);
    }

    Expectation expectation(boolean healthChecked) throws UserErrorException {
        String folder = folder();
        Target target =
                new Target("app", "dev", folder, folder + "/kustomization.yaml").withAgent(deployedBy(healthChecked));
        return new Expectation(
                target,
                json.at("/awaited/commit").asText(),
                List.of(ImageReference.parse(json.at("/awaited/image").asText())),
                true,
                moment(0),
                Duration.ZERO);
    }

    /** Returns how many commits exist so many seconds after the change. */
    int commits(double seconds) {
        int commits = 0;
        for (JsonNode commit : json.get("history")) {
            commits += commit.get("at").asDouble() <= seconds ? 1 : 0;
        }
        return commits;
    }

    /** Returns the branch so many seconds after the change. */
    FluxCaseHistory history(double seconds) {
        List<FluxCaseHistory.RecordedCommit> commits = new ArrayList<>();
        for (JsonNode commit : json.get("history")) {
            if (commit.get("at").asDouble() <= seconds) {
                commits.add(new FluxCaseHistory.RecordedCommit(
                        commit.get("commit").asText(),
                        texts(commit.get("parents")),
                        commit.get("subject").asText(),
                        commit.get("image").asText(),
                        commit.get("touches").asBoolean(),
                        commit.path("onlyOn").asText(null)));
            }
        }
        return new FluxCaseHistory(
                commits,
                json.at("/awaited/commit").asText(),
                json.at("/awaited/image").asText());
    }
}
