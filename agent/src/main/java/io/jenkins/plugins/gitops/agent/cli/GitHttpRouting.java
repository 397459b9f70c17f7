package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.remote.HttpProxy;
import io.jenkins.plugins.gitops.core.git.remote.HttpRouting;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Proxy and certificates from Git's settings: {@code http.proxy} or {@code https_proxy}, {@code no_proxy}, {@code
 * http.sslCAInfo} or {@code GIT_SSL_CAINFO}. Verification cannot be turned off.
 */
final class GitHttpRouting implements HttpRouting {
    /** The default of curl, and therefore of Git, for a proxy without a port. */
    private static final int DEFAULT_PORT = 1080;

    private final GitUserConfig config;
    private final String url;

    @CheckForNull
    private SSLSocketFactory trusting;

    /** @param url the URL of the repository */
    GitHttpRouting(GitUserConfig config, String url) {
        this.config = config;
        this.url = url;
    }

    @CheckForNull
    @Override
    public HttpProxy proxyFor(String host) throws IOException {
        String proxy = config.http(url, "proxy");
        for (String name : new String[] {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
            proxy = proxy == null ? config.variable(name) : proxy;
        }
        return proxy == null || proxy.isBlank() || isExcluded(host) ? null : parse(proxy);
    }

    private boolean isExcluded(String host) {
        String excluded = config.variable("no_proxy");
        excluded = excluded == null ? config.variable("NO_PROXY") : excluded;
        if (excluded == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        for (String entry : excluded.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            String domain = entry.startsWith(".") ? entry.substring(1) : entry;
            if (entry.equals("*") || !domain.isEmpty() && (name.equals(domain) || name.endsWith("." + domain))) {
                return true;
            }
        }
        return false;
    }

    /** Error messages omit the text, which may contain a password. */
    private static HttpProxy parse(String text) throws IOException {
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                throw new IOException("the proxy is not an HTTP proxy; give http://host:port");
            }
            String user = uri.getRawUserInfo();
            int colon = user == null ? -1 : user.indexOf(':');
            return new HttpProxy(
                    uri.getHost(),
                    uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                    user == null ? null : decoded(colon < 0 ? user : user.substring(0, colon)),
                    user == null ? null : decoded(colon < 0 ? "" : user.substring(colon + 1)));
        } catch (URISyntaxException e) {
            throw new IOException("the URL of the proxy is malformed; give http://host:port");
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @CheckForNull
    @Override
    public synchronized SSLSocketFactory sockets() throws IOException {
        String file = config.variable("GIT_SSL_CAINFO");
        file = file == null ? config.http(url, "sslCAInfo") : file;
        if (trusting == null && file != null && !file.isBlank()) {
            trusting = trusting(config.path(file));
        }
        return trusting;
    }

    private static SSLSocketFactory trusting(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException("the trusted certificates in " + file + " cannot be read", e);
        }
    }
}
