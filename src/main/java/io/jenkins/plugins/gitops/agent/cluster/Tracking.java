package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;

/**
 * Which application an object belongs to: an annotation of our own, so that the agent can run beside Argo CD. It
 * names the object too, since controllers copy annotations to what they make.
 */
final class Tracking {
    static final String ANNOTATION = "gitops.jenkins.io/tracking-id";

    private Tracking() {}

    /** Writes the annotation into a manifest. */
    static void write(Map<String, Object> manifest, String application, ObjectId id) {
        JsonTree.child(manifest, "metadata", "annotations").put(ANNOTATION, id.trackingId(application));
    }

    /** The application of a live object; null when it has none, or the annotation was copied from another object. */
    @CheckForNull
    static String application(Map<String, Object> live, ObjectId id) {
        String value = JsonTree.text(live, "metadata", "annotations", ANNOTATION);
        int colon = value == null ? -1 : value.indexOf(':');
        if (colon < 1) {
            return null;
        }
        String application = value.substring(0, colon);
        return value.equals(id.trackingId(application)) ? application : null;
    }
}
