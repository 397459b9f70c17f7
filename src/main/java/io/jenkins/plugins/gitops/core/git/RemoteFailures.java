package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.CleanText;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
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

/** Says what went wrong with a remote, and what can be done, from types and HTTP statuses, not from texts. */
final class RemoteFailures {
    private static final Pattern NOT_TEXT = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");
    private static final int LONGEST_TEXT = 300;
    private static final int LONGEST_WORDS = 500;
    /** How the library begins to say that the other end could not take a pack in. */
    private static final String UNPACKING = JGitText.get()
            .errorOccurredDuringUnpackingOnTheRemoteEnd
            .replaceFirst("\\{0\\}.*", "")
            .replace("''", "'");
    /** What Git and hosts put before each line. */
    static final Pattern GIT_MARKS = Pattern.compile("(?m)^(?:[ \\t]*(?:remote|error|fatal):)+[ \\t]*");
    /** The name of an object where the library expected a shorter one. */
    private static final Pattern SHA256 = Pattern.compile("\\b[0-9a-f]{64}\\b|object-format=sha256");

    private final String url;
    private final GitAccess access;
    private final String credentials;
    private final Duration timeout;

    RemoteFailures(String url, GitAccess access, Duration timeout) {
        this.url = url;
        this.access = access;
        this.credentials = access.name().isEmpty() ? "credentials" : "credentials " + access.name();
        this.timeout = timeout;
    }

    /**
     * @param answer the last one over HTTP
     * @param writing whether the remote was to be written
     */
    GitFailure of(IOException e, HttpStatuses.Answer answer, boolean writing) {
        GitFailure explained = access.explain(e, url);
        if (explained == null) {
            explained = answer.status() >= 300 ? ofAnswer(answer, writing) : ofType(e, answer.status());
        }
        return explained.causedBy(e);
    }

    /** What went wrong with a fetch, which may have brought more than is taken. */
    GitFailure ofFetch(IOException e, HttpStatuses.Answer answer, FetchGuard guard) {
        String limit = guard.exceeded();
        if (limit == null && find(e, TooLargeObjectInPackException.class) != null) {
            limit = "a fetch brings an object of more than "
                    + FetchGuard.mebibytes(guard.limits().objectBytes());
        }
        if (limit != null) {
            return new GitFailure(
                            url + " was not fetched: " + limit,
                            "Keep what is so large out of this repository, or have the limits of fetches raised")
                    .causedBy(e);
        }
        if (find(e, CacheRepository.ShallowRemoteException.class) != null) {
            return shallow().causedBy(e);
        }
        return of(e, answer, false);
    }

    GitFailure shallow() {
        return new GitFailure(
                url + " is a shallow repository: it lacks a part of its history",
                "Fetch the whole history there (git fetch --unshallow), or name a complete repository");
    }

    GitFailure sha256() {
        return new GitFailure(
                url + " is a repository of SHA-256 objects, which this version cannot read",
                "Use a repository of SHA-1 objects, which is what Git makes unless told otherwise");
    }

    /**
     * What the host says no to, in its own words.
     *
     * @param status the reason in the report about the branch
     * @param messages what the host, or a hook there, said to the person who pushes
     */
    GitFailure refused(String branch, @CheckForNull String status, String messages) {
        String words = CleanText.line(GIT_MARKS.matcher(messages).replaceAll(""), LONGEST_WORDS);
        return new GitFailure(
                url + " refused the push to branch \"" + branch + "\": " + text(status)
                        + (words.isEmpty() ? "" : ". The host says: " + withoutStop(words)),
                "Nothing was written there, and it is not tried again");
    }

    /** Why the host could not take in what was sent, which it says before it looks at the branch; null for all else. */
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

    private GitFailure ofAnswer(HttpStatuses.Answer answer, boolean writing) {
        int status = answer.status();
        String words = answer.words().isEmpty() ? "" : ". The host says: " + withoutStop(answer.words());
        if (status == 401) {
            return new GitFailure(
                    url + " does not accept the " + credentials + words,
                    "Check that they are given, right and not expired");
        }
        if (status == 403) {
            return new GitFailure(
                    url + " does not let these " + credentials + " " + (writing ? "write" : "read") + words,
                    words.isEmpty()
                            ? "Give their owner " + (writing ? "write" : "read") + " access to the repository"
                            : "Nothing was " + (writing ? "written" : "read"));
        }
        if (status == 404 || status == 410) {
            return notThere(words);
        }
        if (status < 400) {
            return new GitFailure(
                    url + " answers with a redirect (HTTP status " + status + ")"
                            + (answer.location() == null ? "" : " to " + answer.location()) + ", which is not followed",
                    answer.location() == null ? "Give the URL that it redirects to" : "Give that URL if you trust it");
        }
        return ofTrouble(answer, words);
    }

    private GitFailure ofTrouble(HttpStatuses.Answer answer, String words) {
        int status = answer.status();
        boolean temporary = status >= 500 || status == 429 || status == 408;
        Duration asked = answer.retryAfter();
        return new GitFailure(
                url + " answers with HTTP status " + status
                        + (temporary && asked != null ? " and asks to be left alone for " + Durations.text(asked) : "")
                        + words,
                temporary ? "Try again later" : "Check the URL",
                temporary ? GitFailure.Persistence.TEMPORARY : GitFailure.Persistence.FINAL,
                temporary ? asked : null);
    }

    private GitFailure ofType(IOException e, int status) {
        if (SHA256.matcher(String.valueOf(e.getMessage())).find()) {
            return sha256();
        }
        if (find(e, NoRemoteRepositoryException.class) != null) {
            return notThere("");
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
        SocketException socket = find(e, SocketException.class);
        IOException broken = socket == null ? find(e, EOFException.class) : socket;
        if (find(e, SSLException.class) != null && (broken == null || isAboutTrust(e))) {
            return new GitFailure(
                    "No trusted connection to " + url + " could be made",
                    "Check the server's certificate and the trust store of this Java");
        }
        if (socket instanceof ConnectException || socket instanceof NoRouteToHostException) {
            return new GitFailure(
                    url + " cannot be reached: " + text(socket.getMessage()), "Check the URL and the network", true);
        }
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
                    GitFailure.Persistence.DOUBTFUL,
                    null);
        }
        return new GitFailure(url + " cannot be used: " + withoutUrl(e), "Check the URL and the credentials");
    }

    private static boolean isAboutTrust(IOException e) {
        return find(e, GeneralSecurityException.class) != null || find(e, SSLPeerUnverifiedException.class) != null;
    }

    /** The library puts the URL before what it says. */
    private String withoutUrl(IOException e) {
        String text = text(e.getMessage());
        return text.startsWith(url + ": ") ? text.substring(url.length() + 2) : text;
    }

    private GitFailure notThere(String words) {
        return new GitFailure(
                "There is no repository at " + url + ", or the credentials may not see it" + words,
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
