package io.jenkins.plugins.gitops.agent.cluster;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;

/**
 * What a Job with {@code ttlSecondsAfterFinished} ran. Its TTL removes it when it has completed, which is no drift: the Job
 * has done what Git says. An annotation names the pod template that it was created for, since the live one has defaults.
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

    /** Names the template in the manifest of such a Job. */
    static void mark(Map<String, Object> manifest) {
        if (isExpected(manifest)) {
            JsonTree.child(manifest, "metadata", "annotations").put(ANNOTATION, template(manifest));
        }
    }

    /** The template that a live Job has completed; null for one that failed or runs, and for any other object. */
    @CheckForNull
    static String completed(Map<String, Object> live) {
        boolean complete = isExpected(live)
                && JsonTree.list(live, "status", "conditions").stream()
                        .anyMatch(c -> "Complete".equals(JsonTree.text(c, "type"))
                                && "True".equals(JsonTree.text(c, "status")));
        return complete ? JsonTree.text(live, "metadata", "annotations", ANNOTATION) : null;
    }
}
