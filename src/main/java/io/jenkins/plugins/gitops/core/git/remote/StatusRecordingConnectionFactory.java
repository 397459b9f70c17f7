package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;

/**
 * Opens the connections of one transport and records the last response: JGit puts its status only into texts, and drops
 * its body. Set for each transport, so that a default factory that other code sets for the whole JVM is not used.
 */
final class StatusRecordingConnectionFactory extends JDKHttpConnectionFactory {
    private static final int MAX_WORDS = 4096;
    private static final int MAX_TEXT_LENGTH = 500;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern SERVICE = Pattern.compile("/(?:info/refs|git-(?:upload|receive)-pack)$");

    private final HttpsSockets sockets;
    private final long end;
    private volatile ErrorResponse last = ErrorResponse.NONE;
    private volatile boolean sha256;

    /**
     * An unsuccessful response.
     *
     * @param status 0 when there was none
     * @param text body of the response, one line; empty when it is empty or HTML
     * @param location target of a redirect, as the URL of a repository; null when it is not a redirect
     * @param retryAfter delay that the server requested; null for none
     */
    record ErrorResponse(
            int status,
            String text,
            @CheckForNull String location,
            @CheckForNull Duration retryAfter) {
        static final ErrorResponse NONE = new ErrorResponse(0, "", null, null);
    }

    /**
     * @param sockets open the connections
     * @param most time limit for all exchanges together
     */
    StatusRecordingConnectionFactory(HttpsSockets sockets, Duration most) {
        this.sockets = sockets;
        this.end = System.nanoTime() + most.toNanos();
    }

    /** The last response; with status 0 when there was none. */
    ErrorResponse last() {
        return last;
    }

    /**
     * Whether the server uses SHA-256 object ids; JGit does not check this, and fails later with an unrelated error.
     */
    boolean isSha256() {
        return sha256;
    }

    /**
     * Whether the status means that the request has failed and is completed; after a gateway timeout, the upstream
     * server may still be processing the request.
     */
    static boolean isFinal(int status) {
        return status >= 300 && status != 408 && status != 502 && status != 504;
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        CapturingStreamHandler capturingStreamHandler = new CapturingStreamHandler(sockets);
        return new RecordingConnection(capturingStreamHandler.url(url), capturingStreamHandler);
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        CapturingStreamHandler capturingStreamHandler = new CapturingStreamHandler(sockets);
        return new RecordingConnection(capturingStreamHandler.url(url), proxy, capturingStreamHandler);
    }

    /** JGit's connection, with access to the underlying Java connection, which has the body of an error response. */
    private final class RecordingConnection extends JDKHttpConnection {
        private final CapturingStreamHandler capturingStreamHandler;
        private boolean noted;

        RecordingConnection(URL url, CapturingStreamHandler capturingStreamHandler) throws IOException {
            super(url);
            this.capturingStreamHandler = capturingStreamHandler;
        }

        RecordingConnection(URL url, Proxy proxy, CapturingStreamHandler capturingStreamHandler) throws IOException {
            super(url, proxy);
            this.capturingStreamHandler = capturingStreamHandler;
        }

        @Override
        public int getResponseCode() throws IOException {
            int status = super.getResponseCode();
            if (!noted) {
                noted = true;
                last = answer(status, capturingStreamHandler.connection);
            }
            return status;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            String path = String.valueOf(getURL().getPath());
            return new DeadlineInputStream(super.getInputStream(), path.endsWith("/info/refs"));
        }
    }

    /**
     * Enforces the total time limit, since a read timeout does not apply to a server that sends a byte now and then.
     */
    private final class DeadlineInputStream extends FilterInputStream {
        private final StringBuilder begin = new StringBuilder();
        private final boolean refs;

        /** @param refs whether this is the ref advertisement, which shows the object format */
        DeadlineInputStream(InputStream in, boolean refs) {
            super(in);
            this.refs = refs;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            requireTime();
            int count = super.read(bytes, offset, length);
            if (refs && count > 0 && begin.length() < MAX_WORDS) {
                begin.append(new String(bytes, offset, count, StandardCharsets.ISO_8859_1));
                sha256 |= begin.indexOf("object-format=sha256") >= 0;
            }
            return count;
        }

        private void requireTime() throws InterruptedIOException {
            if (System.nanoTime() > end) {
                throw new InterruptedIOException("the exchange took too long");
            }
        }
    }

    private static final class CapturingStreamHandler extends URLStreamHandler {
        private final HttpsSockets sockets;
        private HttpURLConnection connection;

        CapturingStreamHandler(HttpsSockets sockets) {
            this.sockets = sockets;
        }

        URL url(URL plain) throws IOException {
            return new URL(null, plain.toExternalForm(), this);
        }

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            connection = sockets.open(new URL(url.toExternalForm()), null);
            return connection;
        }

        @Override
        protected URLConnection openConnection(URL url, Proxy proxy) throws IOException {
            connection = sockets.open(new URL(url.toExternalForm()), proxy);
            return connection;
        }
    }

    private static ErrorResponse answer(int status, HttpURLConnection connection) {
        return new ErrorResponse(
                status,
                status >= 400 ? plainText(connection) : "",
                status >= 300 && status < 400
                        ? location(connection.getURL(), connection.getHeaderField("Location"))
                        : null,
                retryAfter(connection.getHeaderField("Retry-After"), Instant.now())
                        .orElse(null));
    }

    private static String plainText(HttpURLConnection connection) {
        try (InputStream in = connection.getErrorStream()) {
            if (in == null) {
                return "";
            }
            return plainText(
                    String.valueOf(connection.getContentType()),
                    new String(in.readNBytes(MAX_WORDS), StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The status is sufficient.
            return "";
        }
    }

    /** Empty for HTML, which rarely describes the error. */
    static String plainText(String type, String body) {
        boolean page = type.toLowerCase(Locale.ROOT).contains("html")
                || body.stripLeading().startsWith("<");
        return page
                ? ""
                : TextSanitizer.line(
                        RemoteErrorTranslator.GIT_MARKS.matcher(body).replaceAll(""), MAX_TEXT_LENGTH);
    }

    /** Without the path that Git appended to the URL of the repository, and without possible secrets. */
    @CheckForNull
    static String location(URL asked, @CheckForNull String header) {
        if (header == null) {
            return null;
        }
        try {
            URI target = asked.toURI().resolve(new URI(header));
            String path = SERVICE.matcher(String.valueOf(target.getPath())).replaceFirst("");
            return TextSanitizer.line(
                    new URI(target.getScheme(), null, target.getHost(), target.getPort(), path, null, null).toString(),
                    MAX_TEXT_LENGTH);
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Parses seconds or an HTTP date. */
    static Optional<Duration> retryAfter(@CheckForNull String header, Instant now) {
        if (header == null) {
            return Optional.empty();
        }
        String text = header.strip();
        try {
            Duration asked = SECONDS.matcher(text).matches()
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return Optional.of(asked.isNegative() ? Duration.ZERO : asked);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
