package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/** Opens the HTTP connections of one remote according to its routing. */
final class HttpsSockets {
    private final HttpRouting routing;
    /** The last connection through a proxy: Java reuses a connection only with the factory that created it. */
    @CheckForNull
    private Tunnel last;

    private record Tunnel(HttpProxy proxy, SSLSocketFactory tls, ProxyTunnelSocketFactory factory) {}

    HttpsSockets(HttpRouting routing) {
        this.routing = routing;
    }

    /** @param usual proxy that the JVM would use; null for a direct connection */
    HttpURLConnection open(URL url, @CheckForNull Proxy usual) throws IOException {
        HttpProxy proxy = null;
        SSLSocketFactory trusting = null;
        if ("https".equalsIgnoreCase(url.getProtocol())) {
            try {
                proxy = routing.proxyFor(url.getHost());
                trusting = routing.sockets();
            } catch (IOException e) {
                throw HttpRoutingException.unusable(e);
            }
        }
        Proxy java = proxy != null || usual == null ? Proxy.NO_PROXY : usual;
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(java);
        if (connection instanceof HttpsURLConnection https) {
            SSLSocketFactory tls = trusting == null ? https.getSSLSocketFactory() : trusting;
            https.setSSLSocketFactory(proxy == null ? tls : tunnel(proxy, tls));
        }
        return connection;
    }

    private synchronized SSLSocketFactory tunnel(HttpProxy proxy, SSLSocketFactory tls) {
        Tunnel tunnel = last;
        if (tunnel == null || !tunnel.proxy().equals(proxy) || tunnel.tls() != tls) {
            tunnel = new Tunnel(proxy, tls, new ProxyTunnelSocketFactory(proxy, tls));
            last = tunnel;
        }
        return tunnel.factory();
    }
}
