package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/**
 * Opens TLS connections through an HTTP proxy. Java's own tunnels do not send a password unless a system property was
 * set before the first connection of the JVM ({@code jdk.http.auth.tunneling.disabledSchemes}), which a plugin cannot
 * do.
 */
final class ProxyTunnelSocketFactory extends SSLSocketFactory {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})\\b.*", Pattern.DOTALL);
    private static final int MAX_HEADER = 16 * 1024;
    private static final int OK = 200;

    private final HttpProxy proxy;
    private final SSLSocketFactory tls;

    ProxyTunnelSocketFactory(HttpProxy proxy, SSLSocketFactory tls) {
        this.proxy = proxy;
        this.tls = tls;
    }

    /** Not connected yet; {@link javax.net.ssl.HttpsURLConnection} connects it, then adds TLS. */
    @Override
    public Socket createSocket() {
        return new TunnelSocket(proxy);
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return tls.createSocket(socket, host, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(InetSocketAddress.createUnresolved(host, port));
        return createSocket(socket, host, port, true);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host.getHostAddress(), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    /** Connects to the proxy, which forwards all data to the host. */
    private static final class TunnelSocket extends Socket {
        private final HttpProxy proxy;

        TunnelSocket(HttpProxy proxy) {
            // The JVM's own proxy must not be used to reach this one.
            super(Proxy.NO_PROXY);
            this.proxy = proxy;
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            InetSocketAddress host = (InetSocketAddress) endpoint;
            try {
                super.connect(new InetSocketAddress(proxy.host(), proxy.port()), timeout);
            } catch (IOException e) {
                throw HttpRoutingException.unreachable(proxy, e);
            }
            setSoTimeout(timeout);
            getOutputStream().write(request(host).getBytes(StandardCharsets.ISO_8859_1));
            int status = status(getInputStream());
            if (status != OK) {
                close();
                throw HttpRoutingException.refused(proxy, status);
            }
        }

        private String request(InetSocketAddress endpoint) {
            String name = endpoint.getHostString();
            String host = (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + endpoint.getPort();
            @CheckForNull String authorization = proxy.authorization();
            return "CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n"
                    + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n")
                    + "\r\n";
        }

        /** Reads no byte after the header, since the next one comes from the host. */
        private static int status(InputStream in) throws IOException {
            StringBuilder header = new StringBuilder();
            while (header.length() < MAX_HEADER && header.indexOf("\r\n\r\n", header.length() - 4) < 0) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                header.append((char) next);
            }
            Matcher status = STATUS.matcher(header);
            return status.matches() ? Integer.parseInt(status.group(1)) : 0;
        }
    }
}
