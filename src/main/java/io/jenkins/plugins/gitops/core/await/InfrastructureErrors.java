package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Pattern;

/**
 * Recognizes errors that a commit cannot cause, by their message: an unreachable server, a Git host that denies access,
 * or a conflict between two writers says nothing about the change. A wait outlasts such errors.
 */
final class InfrastructureErrors {
    /** The maximum number of characters of a message that are searched. */
    private static final int MAX_LENGTH = 8_000;

    /** As worded by Go, gRPC, Kubernetes and the JDK. */
    private static final String CONNECTION = String.join(
            "|",
            "connection refused",
            "connection (?:was )?reset",
            "connection timed out",
            "connection error",
            "broken pipe",
            "no route to host",
            "network is unreachable",
            "no such host",
            "could not resolve host",
            "unknownhostexception",
            "temporary failure in name resolution",
            "server misbehaving",
            "tls handshake",
            "x509: ",
            "i/o timeout",
            "failed to connect to ",
            "unexpected eof while reading",
            "\"https?://[^\"\\s]{1,500}\": (?:unexpected )?eof",
            "use of closed network connection",
            "http2: ",
            "error reading from server",
            "no endpoints available",
            "no healthy upstream",
            "transport is closing");

    private static final String SERVER = String.join(
            "|",
            "code = unavailable",
            "code = deadlineexceeded",
            "code = canceled",
            "code = aborted",
            "code = resourceexhausted",
            "code = unauthenticated",
            "context deadline exceeded",
            "context cancel+ed",
            "client\\.timeout exceeded",
            "timeout exceeded while awaiting",
            "request timed out",
            "operation timed out",
            "timed out reading",
            "failed timeout after",
            "operation (?:was )?(?:cancel+ed|terminated)",
            "too many requests",
            "rate limit",
            "internal server error",
            "bad gateway",
            "service unavailable",
            "gateway time-?out",
            "currently unable to handle the request",
            "an error on the server",
            "failed calling webhook",
            "leader changed",
            "etcdserver: ",
            "(?:status(?: code)?|http(?:/[0-9.]+)?|response code|error|returned(?: error)?)[:= ]{1,3}(?:429|50[0234])\\b");

    private static final String CONFLICT = String.join(
            "|", "object has been modified", "operation cannot be fulfilled on", "storageerror: invalid object");

    /** The source cannot be read, so the state of the branch is unknown. */
    private static final String SOURCE = String.join(
            "|",
            "authentication required",
            "authentication failed",
            "authorization failed",
            "could not read username",
            "could not read from remote repository",
            "permission denied \\(publickey",
            "repository not found",
            "unable to access '",
            "unable to authenticate",
            "ssh: ",
            "knownhosts: ",
            "failed to list refs",
            "failed to checkout and determine revision",
            "failed to fetch ",
            "failed to download archive",
            "failed to download artifact",
            "git fetch ",
            "unable to resolve '[^']{1,300}' to a commit",
            "unexpected client error",
            "remote end hung up");

    private static final Pattern ANY =
            Pattern.compile(String.join("|", CONNECTION, SERVER, CONFLICT, SOURCE), Pattern.CASE_INSENSITIVE);

    private InfrastructureErrors() {}

    /** Whether a message reports such an error; false for null. */
    static boolean matches(@CheckForNull String message) {
        return message != null
                && ANY.matcher(message.substring(0, Math.min(message.length(), MAX_LENGTH)))
                        .find();
    }
}
