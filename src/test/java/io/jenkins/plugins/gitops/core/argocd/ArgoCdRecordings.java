package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The exact responses of a running Argo CD 3.5.1, and the commits that they refer to, oldest first. */
public final class ArgoCdRecordings {
    public static final String FIRST = "c87832a3d8d666c906db41b69496260e6942471f";
    /** Changed README.md only. */
    public static final String README = "8ddf3d83d55e5ce005d8fcc85c48d72b4baaa833";

    public static final String UNRELATED = "1cce4b4f636fedf9e377e1431eed41d20bd57599";
    public static final String IMAGE = "c43bc8855f5df2a90cf8a72edefe7668b4b7ffc8";
    public static final String WINDOW = "4a98e8f6fd21121a3adffe5f19f0a4ca9efdafcd";
    /** Reverts {@link #WINDOW}. */
    public static final String REVERT = "88b3ca5d313665c587ea0d82557dbec774fa7c0b";

    public static final String ROLLOUT = "313a7a174249abaf361c41e1ca9273e93d9a5e5c";
    public static final String PARTIAL = "290e79bb2c1188b201a305c510d05c0761f60cf2";
    public static final String PRUNED = "1ea526e13c29e0fc8834881a17ebda1953770e19";
    /** The assumed time of the responses, later than all times in them. */
    public static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

    private ArgoCdRecordings() {}

    public static byte[] bytes(String name) throws IOException {
        try (InputStream in = ArgoCdRecordings.class.getResourceAsStream(name + ".json")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    static ArgoCdApplication application(String name) throws IOException {
        return ArgoCdResponses.application(bytes(name), null, NOW, "argocd");
    }

    static ArgoCdApplication withTree(String name, String tree) throws IOException {
        return ArgoCdResponses.application(bytes(name), bytes(tree), NOW, "argocd");
    }

    /** Returns the status of the recorded application, which has only one Git folder. */
    static ApplicationStatus status(String name) throws IOException {
        return application(name).statuses().get(0);
    }

    /** Returns the states of a recorded stream, in order. */
    static List<ArgoCdApplication> stream(String name) throws IOException {
        List<ArgoCdApplication> states = new ArrayList<>();
        for (JsonNode event : JsonNodes.JSON.readTree(bytes(name))) {
            byte[] body = JsonNodes.JSON.writeValueAsBytes(event.at("/result/application"));
            states.add(ArgoCdResponses.application(body, null, NOW, "argocd"));
        }
        return states;
    }
}
