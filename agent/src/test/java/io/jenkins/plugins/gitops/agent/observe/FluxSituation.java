package io.jenkins.plugins.gitops.agent.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The recorded objects of one Kustomization at one moment, and what a wait expected then. */
final class FluxSituation {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode file;

    private FluxSituation(JsonNode file) {
        this.file = file;
    }

    static FluxSituation read(String name) throws IOException {
        try (InputStream in = FluxSituation.class.getResourceAsStream(name + ".json")) {
            return new FluxSituation(JSON.readTree(in));
        }
    }

    JsonNode expected() {
        return file.path("expected").get(0);
    }

    Instant now() {
        return Instant.parse(file.at("/awaited/changedAt").asText())
                .plusMillis((long) (file.path("at").asDouble() * 1000));
    }

    String object() {
        return file.at("/awaited/object").asText();
    }

    Map<String, Object> json(String key) {
        return JSON.convertValue(
                file.path(key), JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
    }

    FluxObject kustomization() {
        return FluxObject.of(json("kustomization"));
    }

    FluxSource source() {
        return FluxSource.of(json("gitRepository"));
    }

    WorkloadInventory inventory() {
        List<ObservedWorkload> workloads = new ArrayList<>();
        for (JsonNode workload : file.path("workloads")) {
            Map<String, Object> object = JsonTree.map(JSON.convertValue(workload, Map.class));
            ResourceKind kind = ResourceKind.builtIn(JsonTree.text(object, "apiVersion"), JsonTree.text(object, "kind"))
                    .orElseThrow();
            workloads.add(ObservedWorkload.of(kind, object));
        }
        return new WorkloadInventory(workloads, List.of(), List.of(), null);
    }

    List<FluxObject> dependencies() {
        List<FluxObject> found = new ArrayList<>();
        file.path("dependencies").forEach(d -> found.add(FluxObject.of(JsonTree.map(JSON.convertValue(d, Map.class)))));
        return found;
    }

    ApplicationStatus status() {
        return KustomizationStatus.of(kustomization(), source(), inventory(), dependencies(), now());
    }

    /** Returns the verdict of a wait if the observer {@code edge} has just reported these statuses. */
    Verdict verdict(ApplicationStatus... reported) throws Exception {
        JsonNode awaited = file.path("awaited");
        Target target = new Target("web", "dev", awaited.path("folder").asText(), null)
                .withAgent(new AgentReference(AgentKind.FLUX, "live", object()));
        String commit = awaited.path("commit").asText();
        List<ImageReference> images =
                List.of(ImageReference.parse(awaited.path("image").asText()));
        Expectation expectation = new Expectation(target, commit, images, true);
        List<AgentSnapshot> snapshots = List.of(reported).stream()
                .map(status -> new AgentSnapshot(AgentKind.FLUX, "edge", now(), false, null, status))
                .toList();
        return AwaitDecision.decide(
                expectation,
                snapshots,
                new RecordedHistory(
                        file.path("history"), commit, images, file.path("at").asDouble()),
                now());
    }

    /** Returns the correct verdicts, in the terms of the file. */
    Set<String> right() {
        Set<String> words = new java.util.LinkedHashSet<>();
        words.add(expected().path("verdict").asText());
        expected().path("orElse").forEach(word -> words.add(word.asText()));
        return words.stream().map(w -> w.equals("unknown") ? "waiting" : w).collect(Collectors.toSet());
    }
}
