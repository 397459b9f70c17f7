package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;

/** Says what went wrong with a remote, and what can be done, from types and HTTP statuses, not from texts. */
final class RemoteFailures {
    private static final Pattern NOT_TEXT = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");
    private static final int LONGEST_TEXT = 300;

    private final String url;
    private final String credentials;
    private final Duration timeout;

    /** @param credentials what people call them; empty when they have no name */
    RemoteFailures(String url, String credentials, Duration timeout) {
        this.url = url;
        this.credentials = credentials.isEmpty() ? "credentials" : "credentials " + credentials;
        this.timeout = timeout;
    }

    /**
     * @param status the last HTTP status; 0 when there was none
     * @param writing whether the remote was to be written
     */
    GitFailure of(IOException e, int status, boolean writing) {
        GitFailure failure = status >= 300 ? ofStatus(status, writing) : null;
        return (failure == null ? ofType(e, status) : failure).causedBy(e);
    }

    @CheckForNull
    private GitFailure ofStatus(int status, boolean writing) {
        if (status == 401) {
            return new GitFailure(
                    url + " does not accept the " + credentials, "Check that they are given, right and not expired");
        }
        if (status == 403) {
            return new GitFailure(
                    url + " does not let these " + credentials + " " + (writing ? "write" : "read"),
                    "Give their owner " + (writing ? "write" : "read") + " access to the repository");
        }
        if (status == 404 || status == 410) {
            return notThere();
        }
        if (status < 400) {
            return new GitFailure(
                    url + " answers with a redirect (HTTP status " + status + "), which is not followed",
                    "Give the URL that it redirects to");
        }
        return new GitFailure(
                url + " answers with HTTP status " + status,
                status >= 500 || status == 429 ? "Try again later" : "Check the URL",
                status >= 500 || status == 429);
    }

    private GitFailure ofType(IOException e, int status) {
        if (find(e, NoRemoteRepositoryException.class) != null) {
            return notThere();
        }
        if (find(e, UnknownHostException.class) != null) {
            return new GitFailure("The host of " + url + " is unknown", "Check the URL and the name service", true);
        }
        if (find(e, InterruptedIOException.class) != null) {
            return new GitFailure(
                    url + " gave no answer within " + timeout.toSeconds() + " s",
                    "Check the network and the server",
                    true);
        }
        if (find(e, SSLException.class) != null) {
            return new GitFailure(
                    "No trusted connection to " + url + " could be made",
                    "Check the server's certificate and the trust store of this Java");
        }
        SocketException socket = find(e, SocketException.class);
        if (socket instanceof ConnectException || socket instanceof NoRouteToHostException) {
            return new GitFailure(
                    url + " cannot be reached: " + text(socket.getMessage()), "Check the URL and the network", true);
        }
        IOException broken = socket == null ? find(e, EOFException.class) : socket;
        if (broken != null) {
            return new GitFailure(
                    "The connection to " + url + " failed: " + text(broken.getMessage()),
                    "Check the network and the server",
                    true);
        }
        if (status == 200) {
            // It ends too early, or is not what Git says: no type tells these from each other.
            return new GitFailure(
                    "The answer of " + url + " cannot be used: " + withoutUrl(e),
                    "Check the URL and what stands between, or try again later",
                    true);
        }
        return new GitFailure(url + " cannot be used: " + withoutUrl(e), "Check the URL and the credentials");
    }

    /** The library puts the URL before what it says. */
    private String withoutUrl(IOException e) {
        String text = text(e.getMessage());
        return text.startsWith(url + ": ") ? text.substring(url.length() + 2) : text;
    }

    private GitFailure notThere() {
        return new GitFailure(
                "There is no repository at " + url + ", or the credentials may not see it",
                "Check the URL and what the credentials may read");
    }

    /** Whether the local clone is to blame: objects that should be there are missing or cannot be read. */
    static boolean isDamage(Throwable e) {
        return find(e, MissingObjectException.class) != null
                || find(e, CorruptObjectException.class) != null
                || find(e, IncorrectObjectTypeException.class) != null;
    }

    /** One short line of what a server or library said. */
    static String text(@CheckForNull String message) {
        String line = NOT_TEXT.matcher(message == null ? "no reason given" : message)
                .replaceAll(" ")
                .trim();
        return line.length() > LONGEST_TEXT ? line.substring(0, LONGEST_TEXT) + "..." : line;
    }

    @CheckForNull
    private static <T extends Throwable> T find(Throwable e, Class<T> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
