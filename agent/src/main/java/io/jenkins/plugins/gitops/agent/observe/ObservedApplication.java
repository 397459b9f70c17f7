package io.jenkins.plugins.gitops.agent.observe;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdResponses;
import io.jenkins.plugins.gitops.core.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The part of an Argo CD Application that is kept.
 *
 * @param state in the same form as Jenkins reads it from Argo CD's API
 * @param here whether it deploys to the observed cluster, so that its workloads can be read
 * @param workloads its resources that have pods
 * @param refreshSince since when a requested refresh is pending; null if none is
 */
record ObservedApplication(
        ArgoCdApplication state,
        boolean here,
        List<WorkloadKey> workloads,
        @CheckForNull Instant refreshSince) {
    static final String REFRESH = "argocd.argoproj.io/refresh";

    private static final Logger LOGGER = Logger.getLogger(ObservedApplication.class.getName());
    private static final Set<String> OWN_CLUSTER = Set.of("https://kubernetes.default.svc", "in-cluster");

    ObservedApplication {
        workloads = List.copyOf(workloads);
    }

    /** Reads an object in the API server's format; null if it is invalid. */
    @CheckForNull
    static ObservedApplication read(Map<String, Object> object, Instant now) {
        try {
            byte[] json = JsonTree.format(object).getBytes(StandardCharsets.UTF_8);
            Map<String, Object> destination = JsonTree.map(object, "spec", "destination");
            return new ObservedApplication(
                    ArgoCdResponses.application(json, null, now, null),
                    OWN_CLUSTER.contains(JsonTree.textOr("", destination, "server"))
                            || OWN_CLUSTER.contains(JsonTree.textOr("", destination, "name")),
                    workloads(object),
                    JsonTree.text(object, "metadata", "annotations", REFRESH) == null ? null : now);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "An Application cannot be read: {0}", e.getMessage());
            return null;
        }
    }

    private static List<WorkloadKey> workloads(Map<String, Object> object) {
        List<WorkloadKey> found = new ArrayList<>();
        JsonTree.list(object, "status", "resources").stream()
                .limit(FluxObject.MAX_INVENTORY)
                .map(r -> new WorkloadKey(
                        JsonTree.textOr("", r, "group"),
                        JsonTree.textOr("", r, "kind"),
                        JsonTree.textOr("", r, "namespace"),
                        JsonTree.textOr("", r, "name")))
                .filter(key -> Workload.isKnownKind(key.group(), key.kind()))
                .forEach(found::add);
        return found;
    }

    /** Returns a copy with the time since when a refresh is pending. */
    ObservedApplication since(@CheckForNull Instant asked) {
        return new ObservedApplication(state, here, workloads, asked);
    }

    String namespace() {
        return state.namespace() == null ? "" : state.namespace();
    }
}
