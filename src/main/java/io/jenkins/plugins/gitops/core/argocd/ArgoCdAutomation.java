package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Whether an Application is synced without somebody who asks for it. */
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
     * That it has to be synced, and how.
     *
     * @param name the Application's, in an own namespace with that before it
     * @return null when it is synced automatically
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
