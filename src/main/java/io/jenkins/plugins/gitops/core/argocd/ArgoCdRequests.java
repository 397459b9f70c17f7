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
public final class ArgoCdRequests {
    /** Two thirds of an application, and of no use here. Where it is not understood, nothing is lost by it. */
    private static final String WITHOUT = "-result.application.metadata.managedFields";

    private ArgoCdRequests() {}

    /**
     * All applications of these projects, whole: of {@code fields} the server knows only a few, and leaves out the rest
     * without a word.
     */
    public static String list(List<String> projects) {
        return "/api/v1/applications?" + query(projects);
    }

    /** All applications of these projects, and then each change of them, without end. */
    public static String stream(List<String> projects) {
        return "/api/v1/stream/applications?" + query(projects) + "&fields=" + encoded(WITHOUT);
    }

    private static String query(List<String> projects) {
        return projects.stream().map(p -> "projects=" + encoded(p)).collect(Collectors.joining("&"));
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

    /** One live object of an application, as the cluster has it. */
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
