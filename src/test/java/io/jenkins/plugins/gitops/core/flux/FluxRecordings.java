package io.jenkins.plugins.gitops.core.flux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Recorded events of a real notification controller, and generated events in the same format. */
public final class FluxRecordings {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "/io/jenkins/plugins/gitops/flux/";

    private FluxRecordings() {}

    public static JsonNode read(String file) throws IOException {
        try (InputStream in = FluxRecordings.class.getResourceAsStream(FOLDER + file)) {
            return JSON.readTree(in);
        }
    }

    /** Returns the bodies of a recording, in order. */
    public static List<byte[]> bodies(String file) throws IOException {
        List<byte[]> bodies = new ArrayList<>();
        for (JsonNode request : read(file)) {
            bodies.add(JSON.writeValueAsBytes(request.get("body")));
        }
        return bodies;
    }

    public static List<FluxEvent> events(String file) throws IOException {
        List<FluxEvent> events = new ArrayList<>();
        for (byte[] body : bodies(file)) {
            events.add(FluxEvent.parse(body).orElseThrow());
        }
        return events;
    }

    /** Returns the same event at another time. */
    public static byte[] at(byte[] body, Instant time) throws IOException {
        ObjectNode event = (ObjectNode) JSON.readTree(body);
        event.put("timestamp", time.toString());
        return JSON.writeValueAsBytes(event);
    }

    /**
     * Returns an event for an object {@code Kind/namespace/name}; its severity is {@code error} if the reason ends with
     * Failed.
     */
    public static String event(String object, String time, String reason, String message, String metadata) {
        String[] parts = object.split("/");
        return "{\"involvedObject\":{\"apiVersion\":\"" + group(parts[0]) + "/v1\",\"kind\":\"" + parts[0]
                + "\",\"namespace\":\"" + parts[1] + "\",\"name\":\"" + parts[2] + "\"},\"severity\":\""
                + (reason.endsWith("Failed") ? "error" : "info") + "\",\"timestamp\":\"" + time + "\",\"message\":\""
                + message + "\",\"reason\":\"" + reason + "\",\"metadata\":{" + metadata + "}}";
    }

    private static String group(String kind) {
        return kind.equals("HelmRelease") ? "helm.toolkit.fluxcd.io" : "kustomize.toolkit.fluxcd.io";
    }

    public static FluxEvent parsed(String object, String time, String reason, String message, String metadata) {
        return FluxEvent.parse(event(object, time, reason, message, metadata).getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
    }
}
