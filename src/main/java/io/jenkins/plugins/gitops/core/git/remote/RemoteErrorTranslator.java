package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.eclipse.jgit.internal.JGitText;

/**
 * Translates errors of a remote to messages with a remedy, based on exception types and HTTP statuses, not on texts.
 */
public final class RemoteErrorTranslator {
    private static final Pattern NOT_TEXT = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");
    private static final int MAX_TEXT_LENGTH = 300;
    private static final int MAX_MESSAGE_LENGTH = 500;
    /** Start of JGit's message that the remote could not unpack what was sent. */
    private static final String UNPACKING = JGitText.get()
            .errorOccurredDuringUnpackingOnTheRemoteEnd
            .replaceFirst("\\{0\\}.*", "")
            .replace("''", "'");
    /** Prefixes that Git and hosts put before each line. */
    static final Pattern GIT_MARKS = Pattern.compile("(?m)^(?:[ \\t]*(?:remote|error|fatal):)+[ \\t]*");
    /** Signs of SHA-256 object ids, which JGit does not support. */
    private static final Pattern SHA256 = Pattern.compile("\\b[0-9a-f]{64}\\b|object-format=sha256");

    private final String url;
    private final GitCredentials access;
    private final String credentials;
    private final Duration timeout;

    RemoteErrorTranslator(String url, GitCredentials access, Duration timeout) {
        this.url = url;
        this.access = access;
        this.credentials = access.name().isEmpty() ? "credentials" : "credentials " + access.name();
        this.timeout = timeout;
    }

    /**
     * @param errorResponse the last HTTP response
     * @param writing whether the operation was a push
     */
    GitRemoteException of(
            IOException e, StatusRecordingConnectionFactory.ErrorResponse errorResponse, boolean writing) {
        GitRemoteException explained = access.explain(e, url);
        if (explained == null) {
            explained = errorResponse.status() >= 300
                    ? ofAnswer(errorResponse, writing)
                    : ofType(e, errorResponse.status());
        }
        return explained.causedBy(e);
    }

    /** The error of a fetch, which may have exceeded a limit. */
    GitRemoteException ofFetch(
            IOException e, StatusRecordingConnectionFactory.ErrorResponse errorResponse, FetchLimiter guard) {
        String limit = guard.exceeded();
        if (limit == null && find(e, TooLargeObjectInPackException.class) != null) {
            limit = "a fetch brings an object of more than "
                    + FetchLimiter.mebibytes(guard.limits().objectBytes());
        }
        if (limit != null) {
            return new GitRemoteException(
                            url + " was not fetched: " + limit,
                            "Keep objects of this size out of this repository, or have the fetch limits raised")
                    .causedBy(e);
        }
        if (find(e, IsolatedRepository.ShallowRemoteException.class) != null) {
            return shallow().causedBy(e);
        }
        return of(e, errorResponse, false);
    }

    /** @param namedAt where the policy names the branch; empty when it does not */
    GitRemoteException branchMissing(String branch, Optional<SourceLocation> namedAt) {
        return new GitRemoteException(
                namedAt.map(location -> location + ": ").orElse("") + "There is no branch \"" + branch + "\" in " + url,
                "Create it with a first commit, or name another one");
    }

    GitRemoteException shallow() {
        return new GitRemoteException(
                url + " is a shallow repository: it lacks a part of its history",
                "Fetch the whole history there (git fetch --unshallow), or name a complete repository");
    }

    GitRemoteException sha256() {
        return new GitRemoteException(
                url + " is a repository of SHA-256 objects, which this version cannot read",
                "Use a repository of SHA-1 objects, which is Git's default");
    }

    /**
     * The error for a rejected push, with the text of the host.
     *
     * @param status the reason in the status report for the branch
     * @param messages text that the host, or one of its hooks, sent to the client
     */
    GitRemoteException rejected(String branch, @CheckForNull String status, String messages) {
        String words = TextSanitizer.line(GIT_MARKS.matcher(messages).replaceAll(""), MAX_MESSAGE_LENGTH);
        return new GitRemoteException(
                url + " rejected the push to branch \"" + branch + "\": " + oneLine(status)
                        + (words.isEmpty() ? "" : ". The host says: " + withoutStop(words)),
                RejectionAdvice.of(words + " " + status));
    }

    /**
     * Why the host could not unpack the push, which it reports before it updates the branch; null for any other error.
     */
    @CheckForNull
    static String unpackError(IOException e) {
        if (find(e, TooLargePackException.class) != null || find(e, TooLargeObjectInPackException.class) != null) {
            return String.valueOf(e.getMessage());
        }
        String message = String.valueOf(e.getMessage());
        int start = message.indexOf(UNPACKING);
        return start < 0 ? null : message.substring(start);
    }

    private static String withoutStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private GitRemoteException ofAnswer(StatusRecordingConnectionFactory.ErrorResponse errorResponse, boolean writing) {
        int status = errorResponse.status();
        String words = errorResponse.text().isEmpty() ? "" : ". The host says: " + withoutStop(errorResponse.text());
        if (status == 401) {
            return new GitRemoteException(
                    url + " does not accept the " + credentials + words,
                    "Check that they are set, correct and not expired");
        }
        if (status == 403) {
            return new GitRemoteException(
                    url + " does not let these " + credentials + " " + (writing ? "write" : "read") + words,
                    words.isEmpty()
                            ? "Give their owner " + (writing ? "write" : "read") + " access to the repository"
                            : "Nothing was " + (writing ? "written" : "read"));
        }
        if (status == 404 || status == 410) {
            return notThere(words);
        }
        if (status < 400) {
            return new GitRemoteException(
                    url + " answers with a redirect (HTTP status " + status + ")"
                            + (errorResponse.location() == null ? "" : " to " + errorResponse.location())
                            + ", which is not followed",
                    errorResponse.location() == null
                            ? "Give the URL that it redirects to"
                            : "Give that URL if you trust it");
        }
        return ofTransientError(errorResponse, words);
    }

    private GitRemoteException ofTransientError(
            StatusRecordingConnectionFactory.ErrorResponse errorResponse, String words) {
        int status = errorResponse.status();
        boolean temporary = status >= 500 || status == 429 || status == 408;
        Duration asked = errorResponse.retryAfter();
        return new GitRemoteException(
                url + " answers with HTTP status " + status
                        + (temporary && asked != null ? " and asks for a pause of " + ReadableDuration.text(asked) : "")
                        + words,
                temporary ? "Try again later" : "Check the URL",
                temporary ? GitRemoteException.Persistence.TEMPORARY : GitRemoteException.Persistence.FINAL,
                temporary ? asked : null);
    }

    private GitRemoteException ofType(IOException e, int status) {
        if (SHA256.matcher(String.valueOf(e.getMessage())).find()) {
            return sha256();
        }
        if (find(e, NoRemoteRepositoryException.class) != null) {
            return notThere("");
        }
        HttpRoutingException proxy = find(e, HttpRoutingException.class);
        if (proxy != null) {
            return ofProxy(proxy);
        }
        if (find(e, UnknownHostException.class) != null) {
            return new GitRemoteException("The host of " + url + " is unknown", "Check the URL and DNS", true);
        }
        if (find(e, InterruptedIOException.class) != null) {
            return new GitRemoteException(
                    url + " did not respond within " + timeout.toSeconds() + " s",
                    "Check the network and the server",
                    true);
        }
        SocketException socket = find(e, SocketException.class);
        IOException broken = socket == null ? find(e, EOFException.class) : socket;
        if (find(e, SSLException.class) != null && (broken == null || isAboutTrust(e))) {
            return new GitRemoteException(
                    "No trusted connection to " + url + " could be established",
                    "Check the server's certificate and the trust store of this Java");
        }
        if (socket instanceof ConnectException || socket instanceof NoRouteToHostException) {
            return new GitRemoteException(
                    url + " cannot be reached: " + oneLine(socket.getMessage()), "Check the URL and the network", true);
        }
        if (broken != null) {
            return new GitRemoteException(
                    "The connection to " + url + " failed: " + oneLine(broken.getMessage()),
                    "Check the network and the server",
                    true);
        }
        if (status == 200) {
            // Either truncated or not Git's protocol: no exception type distinguishes them.
            return new GitRemoteException(
                    "The response of " + url + " cannot be used: " + withoutUrl(e),
                    "Check the URL and any proxy in between, or try again later",
                    GitRemoteException.Persistence.UNCERTAIN,
                    null);
        }
        return new GitRemoteException(url + " cannot be used: " + withoutUrl(e), "Check the URL and the credentials");
    }

    private GitRemoteException ofProxy(HttpRoutingException proxy) {
        return new GitRemoteException(
                url + " cannot be reached: " + proxy.getMessage(),
                proxy.isUnauthorized()
                        ? "Correct the user name and password of the proxy"
                        : "Check the settings of proxy and trusted certificates",
                proxy.isTemporary());
    }

    private static boolean isAboutTrust(IOException e) {
        return find(e, GeneralSecurityException.class) != null || find(e, SSLPeerUnverifiedException.class) != null;
    }

    /** Removes the URL, which JGit puts before its messages. */
    private String withoutUrl(IOException e) {
        String text = oneLine(e.getMessage());
        return text.startsWith(url + ": ") ? text.substring(url.length() + 2) : text;
    }

    private GitRemoteException notThere(String words) {
        return new GitRemoteException(
                "There is no repository at " + url + ", or the credentials may not see it" + words,
                "Check the URL and what the credentials may read");
    }

    /** Whether the local clone is corrupt: required objects are missing or cannot be read. */
    public static boolean isDamage(Throwable e) {
        return find(e, MissingObjectException.class) != null
                || find(e, CorruptObjectException.class) != null
                || find(e, IncorrectObjectTypeException.class) != null;
    }

    /** A message of a server or library, as one short line. */
    public static String oneLine(@CheckForNull String message) {
        String line = NOT_TEXT.matcher(message == null ? "no reason given" : message)
                .replaceAll(" ")
                .trim();
        return line.length() > MAX_TEXT_LENGTH ? line.substring(0, MAX_TEXT_LENGTH) + "..." : line;
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
