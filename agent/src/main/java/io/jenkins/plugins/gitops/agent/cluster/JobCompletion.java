package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;

/**
 * Determines what a Job with {@code ttlSecondsAfterFinished} has run. Its removal by the TTL after completion is not
 * drift: the Job is done. An annotation identifies the pod template that it was created from, since the live template
 * contains defaults.
 */
final class JobCompletion {
    static final String ANNOTATION = "gitops.jenkins.io/job-template";

    private JobCompletion() {}

    /** Whether a manifest is that of such a Job. */
    static boolean isExpected(Map<String, Object> manifest) {
        return "Job".equals(JsonTree.text(manifest, "kind"))
                && JsonTree.textOr("", manifest, "apiVersion").startsWith("batch/")
                && JsonTree.at(manifest, "spec", "ttlSecondsAfterFinished") != null;
    }

    /** Hash of the pod template of a manifest. */
    static String template(Map<String, Object> manifest) {
        return LiveObject.hash(JsonTree.canonical(JsonTree.map(manifest, "spec", "template")));
    }

    /** Adds the annotation to the manifest of such a Job. */
    static void mark(Map<String, Object> manifest) {
        if (isExpected(manifest)) {
            JsonTree.child(manifest, "metadata", "annotations").put(ANNOTATION, template(manifest));
        }
    }

    /** The template that a live Job has completed; null for one that failed or is running, and for any other object. */
    @CheckForNull
    static String completed(Map<String, Object> live) {
        boolean complete = isExpected(live)
                && JsonTree.list(live, "status", "conditions").stream()
                        .anyMatch(c -> "Complete".equals(JsonTree.text(c, "type"))
                                && "True".equals(JsonTree.text(c, "status")));
        return complete ? JsonTree.text(live, "metadata", "annotations", ANNOTATION) : null;
    }
}
