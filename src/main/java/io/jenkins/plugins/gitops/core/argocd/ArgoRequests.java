package io.jenkins.plugins.gitops.core.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is asked, as path and query after the server's URL. The project is always named: without it the server answers
 * 403 for what does not exist, too.
 */
public final class ArgoRequests {
    /** All that the decision needs, and not the long rest; a single application always comes as a whole. */
    private static final String FIELDS = List.of(
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid",
                    "metadata.resourceVersion",
                    "metadata.deletionTimestamp",
                    "spec.project",
                    "spec.source",
                    "spec.sources",
                    "spec.destination",
                    "operation",
                    "status.sync",
                    "status.health",
                    "status.conditions",
                    "status.reconciledAt",
                    "status.summary",
                    "status.controllerNamespace",
                    "status.operationState.phase",
                    "status.operationState.message",
                    "status.operationState.startedAt",
                    "status.operationState.finishedAt",
                    "status.operationState.retryCount",
                    "status.operationState.operation",
                    "status.operationState.syncResult.revision",
                    "status.operationState.syncResult.revisions")
            .stream()
            .map(field -> "items." + field)
            .collect(Collectors.joining(","));

    private ArgoRequests() {}

    /** All applications of these projects. */
    public static String list(List<String> projects) {
        String query = projects.stream().map(p -> "projects=" + encoded(p)).collect(Collectors.joining("&"));
        return "/api/v1/applications?" + query + "&fields=" + encoded(FIELDS);
    }

    /** One application as it is known to the server now. */
    public static String application(String project, @CheckForNull String namespace, String name) {
        return one(project, namespace, name, "");
    }

    /**
     * One application after the server has looked at Git again; needs no more than the right to read it. Blocks until it
     * has, and an automated sync may begin by it.
     */
    public static String refresh(String project, @CheckForNull String namespace, String name) {
        return one(project, namespace, name, "") + "&refresh=normal";
    }

    /** What its resources are at, and why. */
    public static String resourceTree(String project, @CheckForNull String namespace, String name) {
        return one(project, namespace, name, "/resource-tree");
    }

    /** Whether it may be synced now. */
    public static String syncWindows(String project, @CheckForNull String namespace, String name) {
        return one(project, namespace, name, "/syncwindows");
    }

    private static String one(String project, @CheckForNull String namespace, String name, String what) {
        return "/api/v1/applications/" + encoded(name) + what + "?project=" + encoded(project)
                + (namespace == null ? "" : "&appNamespace=" + encoded(namespace));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
