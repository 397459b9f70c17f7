package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.List;
import java.util.Map;

/**
 * Which application of which agent manages an object. Two annotations of our own say so, so that the agent can run beside
 * Argo CD; the first one names the object too, since controllers copy annotations to what they make.
 *
 * @param installation {@link Installation#id} of the agent; null for an object of an agent that did not write it yet
 */
record TrackingAnnotation(String application, @CheckForNull String installation) {
    static final String ANNOTATION = "gitops.jenkins.io/tracking-id";
    static final String INSTALLATION_ANNOTATION = "gitops.jenkins.io/installation-id";

    /** Writes the annotations into a manifest. */
    static void write(Map<String, Object> manifest, String application, Installation installation, ObjectId id) {
        Map<String, Object> annotations = JsonTree.child(manifest, "metadata", "annotations");
        annotations.put(ANNOTATION, id.trackingId(application));
        annotations.put(INSTALLATION_ANNOTATION, installation.id());
    }

    /** Whether another field manager wrote the annotations, too. */
    static boolean isAmong(List<ClusterException.FieldConflict> conflicts) {
        return conflicts.stream()
                .anyMatch(conflict -> conflict.field().endsWith("." + ANNOTATION)
                        || conflict.field().endsWith("." + INSTALLATION_ANNOTATION));
    }

    /** The tracking of a live object; null when it has none, or the annotations were copied from another object. */
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
