package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Determines whether an Application is synced automatically. */
final class ArgoCdAutomation {
    private ArgoCdAutomation() {}

    static boolean isOff(JsonNode spec) {
        JsonNode automated = JsonNodes.at(spec, "syncPolicy", "automated");
        return automated.isMissingNode() || isDisabled(automated);
    }

    private static boolean isDisabled(JsonNode automated) {
        return automated.path("enabled").isBoolean()
                && !automated.path("enabled").asBoolean();
    }

    /**
     * Why the application must be synced by hand, and how.
     *
     * @param name the Application's name; if it is in another namespace than the server, {@code namespace/name}
     * @return null if it is synced automatically
     */
    @CheckForNull
    static String whyOff(JsonNode spec, String name) {
        if (!isOff(spec)) {
            return null;
        }
        boolean disabled = isDisabled(JsonNodes.at(spec, "syncPolicy", "automated"));
        return "automated sync is off" + (disabled ? " (automated.enabled: false)" : "")
                + "; sync it, for example with argocd app sync " + name;
    }
}
