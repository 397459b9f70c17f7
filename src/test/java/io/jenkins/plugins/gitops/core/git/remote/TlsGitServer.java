package io.jenkins.plugins.gitops.core.git.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS for a Git server on loopback, with a certificate that no JVM trusts by default, and an HTTP proxy with
 * authentication.
 */
public final class TlsGitServer implements AutoCloseable {
    public static final String PROXY_USER = "proxy-user";
    public static final String PROXY_PASSWORD = "pr0xy pa55";
    private static final char[] STORE_PASSWORD = "changeit".toCharArray();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> connects = new CopyOnWriteArrayList<>();
    private final KeyStore store;
    private final ServerSocket tls;
    private final ServerSocket proxy;
    private final int plainPort;

    /**
     * Starts the server and the proxy.
     *
     * @param folder for the certificate
     * @param plainPort of the server without TLS
     */
    public TlsGitServer(Path folder, int plainPort) throws Exception {
        this.plainPort = plainPort;
        this.store = createStore(folder.resolve("tls.p12"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, STORE_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        this.tls = context.getServerSocketFactory().createServerSocket(0, 50, loopback);
        this.proxy = new ServerSocket(0, 50, loopback);
        accept(tls, socket -> join(socket, new Socket(loopback, plainPort)));
        accept(proxy, this::tunnel);
    }

    private static KeyStore createStore(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(STORE_PASSWORD),
                        "-alias",
                        "git",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=git.example.com",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1")
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(2, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
            throw new IOException(output);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, STORE_PASSWORD);
        }
        return store;
    }

    /** Returns a factory that trusts only the certificate of this server. */
    public SSLSocketFactory trusting() throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("git", store.getCertificate("git"));
        trust.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    /** Writes the certificate to a PEM file. */
    public Path pem(Path folder) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(store.getCertificate("git").getEncoded());
        return Files.writeString(
                folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    /** Returns the URL of a repository on the server. */
    public String url(String path) {
        return "https://127.0.0.1:" + tls.getLocalPort() + "/" + path;
    }

    /** Returns a URL with a host name that only the proxy can resolve. */
    public String hiddenUrl(String path) {
        return "https://localhost:" + plainPort + "/" + path;
    }

    public int proxyPort() {
        return proxy.getLocalPort();
    }

    /** Returns the first lines of the requests to the proxy. */
    public List<String> connects() {
        return connects;
    }

    private interface Handler {
        void handle(Socket socket) throws IOException;
    }

    private void accept(ServerSocket server, Handler handler) {
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    threads.execute(() -> {
                        try {
                            handler.handle(socket);
                        } catch (IOException e) {
                            closeQuietly(socket);
                        }
                    });
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private void tunnel(Socket client) throws IOException {
        StringBuilder header = new StringBuilder();
        while (header.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                return;
            }
            header.append((char) next);
        }
        connects.add(header.substring(0, header.indexOf("\r\n")));
        String expected = Base64.getEncoder()
                .encodeToString((PROXY_USER + ":" + PROXY_PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (header.indexOf("Proxy-Authorization: Basic " + expected + "\r\n") < 0) {
            client.getOutputStream()
                    .write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            client.close();
            return;
        }
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        join(client, new Socket(InetAddress.getLoopbackAddress(), tls.getLocalPort()));
    }

    private void join(Socket one, Socket other) {
        threads.execute(() -> copy(one, other));
        copy(other, one);
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // The other direction closes both sockets as well.
        } finally {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Already closed.
        }
    }

    @Override
    public void close() throws IOException {
        tls.close();
        proxy.close();
        threads.shutdownNow();
    }
}
