package io.jenkins.plugins.gitops.core.argocd;

/**
 * Explains error responses, with the remedy, in one line each. The response itself is not repeated: it may reveal what
 * the reader is not allowed to see.
 */
public final class ArgoCdErrors {
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final int BAD_GATEWAY = 502;

    private ArgoCdErrors() {}

    /**
     * The message for a failed request about applications of a project.
     *
     * @param status an HTTP status other than 200
     * @param project the requested project
     * @param application the requested application; if it is in another namespace than the server, {@code
     *     namespace/name}
     */
    public static String ofApplications(int status, String project, String application) {
        return switch (status) {
            case FORBIDDEN ->
                "the token may not read " + application + " in project " + project + "; it needs: "
                        + policy(project, application);
            case NOT_FOUND -> "there is no " + application + " in project " + project;
            default -> of(status);
        };
    }

    /** The message for any failed request. */
    public static String of(int status) {
        if (status >= 300 && status < BAD_REQUEST) {
            return "the server answered with a redirect (" + status + "), which is not followed; set the final URL";
        }
        return switch (status) {
            case UNAUTHORIZED -> "the token was rejected (401); it is wrong, expired or deleted";
            case FORBIDDEN -> "the token may not read applications (403)";
            case NOT_FOUND -> "there is no Argo CD API at this URL (404)";
            case TOO_MANY -> "the server receives too many requests (429)";
            case SERVER_ERROR -> "the server failed (500)";
            default ->
                status >= BAD_GATEWAY
                        ? "the proxy cannot reach the server (" + status + ")"
                        : "the server answered " + status;
        };
    }

    /** The message for a server that lists no applications: a list request never returns 403. */
    public static String nothingVisible(String projects) {
        return "the token can read no application in " + projects + "; to read those there it needs, for each project: "
                + policy("<project>", "*");
    }

    private static String policy(String project, String application) {
        return "p, <account>, applications, get, " + project + "/" + application + ", allow";
    }
}
