package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.List;
import java.util.Map;

/**
 * Identifies the application and agent that manage an object. Uses two annotations of its own, so that the agent can
 * run beside Argo CD. The first one also identifies the object, since controllers copy annotations to objects that they
 * create.
 *
 * @param installation {@link Installation#id} of the agent; null for an object of an agent that did not write it yet
 */
record TrackingAnnotation(String application, @CheckForNull String installation) {
    static final String ANNOTATION = "gitops.jenkins.io/tracking-id";
    static final String INSTALLATION_ANNOTATION = "gitops.jenkins.io/installation-id";

    /** Adds the annotations to a manifest. */
    static void write(Map<String, Object> manifest, String application, Installation installation, ObjectId id) {
        Map<String, Object> annotations = JsonTree.child(manifest, "metadata", "annotations");
        annotations.put(ANNOTATION, id.trackingId(application));
        annotations.put(INSTALLATION_ANNOTATION, installation.id());
    }

    /** Whether another field manager owns the annotations, too. */
    static boolean isAmong(List<ClusterException.FieldConflict> conflicts) {
        return conflicts.stream()
                .anyMatch(conflict -> conflict.field().endsWith("." + ANNOTATION)
                        || conflict.field().endsWith("." + INSTALLATION_ANNOTATION));
    }

    /** The tracking of a live object; null if it has none, or the annotations were copied from another object. */
    @CheckForNull
    static TrackingAnnotation of(Map<String, Object> live, ObjectId id) {
        String value = JsonTree.text(live, "metadata", "annotations", ANNOTATION);
        int colon = value == null ? -1 : value.indexOf(':');
        if (colon < 1) {
            return null;
        }
        String application = value.substring(0, colon);
        return value.equals(id.trackingId(application))
                ? new TrackingAnnotation(
                        application, JsonTree.text(live, "metadata", "annotations", INSTALLATION_ANNOTATION))
                : null;
    }
}
