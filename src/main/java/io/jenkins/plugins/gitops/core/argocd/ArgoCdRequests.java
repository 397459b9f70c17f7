package io.jenkins.plugins.gitops.core.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Builds the requests, as path and query after the server's URL. The project is always given: without it the server
 * also returns 403 for what does not exist.
 */
public final class ArgoCdRequests {
    /** Excludes managed fields, two thirds of an application. A server that does not support this returns the whole. */
    private static final String WITHOUT = "-result.application.metadata.managedFields";

    private ArgoCdRequests() {}

    /**
     * Lists all applications of the projects, in full: the server supports only few values of {@code fields} and
     * silently omits all others.
     */
    public static String list(List<String> projects) {
        return "/api/v1/applications?" + query(projects);
    }

    /** Streams all applications of the projects, followed by each change, without end. */
    public static String stream(List<String> projects) {
        return "/api/v1/stream/applications?" + query(projects) + "&fields=" + encoded(WITHOUT);
    }

    private static String query(List<String> projects) {
        return projects.stream().map(p -> "projects=" + encoded(p)).collect(Collectors.joining("&"));
    }

    /** Returns one application in the server's current state. */
    public static String application(String project, @CheckForNull String namespace, String name) {
        return one(project, namespace, name, "");
    }

    /**
     * Returns one application after the server has refreshed it from Git; requires only the permission to read it.
     * Blocks until the refresh is complete, which may trigger an automated sync.
     */
    public static String refresh(String project, @CheckForNull String namespace, String name) {
        return one(project, namespace, name, "") + "&refresh=normal";
    }

    /** Returns the states of its resources, with messages. */
    public static String resourceTree(String project, @CheckForNull String namespace, String name) {
        return one(project, namespace, name, "/resource-tree");
    }

    /** Returns whether it may be synced now. */
    public static String syncWindows(String project, @CheckForNull String namespace, String name) {
        return one(project, namespace, name, "/syncwindows");
    }

    /** Returns one live object of an application. */
    public static String resource(
            String project, @CheckForNull String namespace, String name, ManagedWorkload workload) {
        return one(project, namespace, name, "/resource")
                + "&namespace=" + encoded(workload.namespace())
                + "&resourceName=" + encoded(workload.name())
                + "&version=" + encoded(workload.version())
                + "&group=" + encoded(workload.group())
                + "&kind=" + encoded(workload.kind());
    }

    /** The page of an application in the server's user interface, after the server's URL. */
    public static String page(String namespace, String name) {
        return "/applications/" + encoded(namespace) + "/" + encoded(name);
    }

    private static String one(String project, @CheckForNull String namespace, String name, String what) {
        return "/api/v1/applications/" + encoded(name) + what + "?project=" + encoded(project)
                + (namespace == null ? "" : "&appNamespace=" + encoded(namespace));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
