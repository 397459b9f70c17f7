package io.jenkins.plugins.gitops.core.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.NormalizedImage;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The host of a registry or of a token server.
 *
 * @param name the host as image names contain it, in lower case, with its port unless that is 443; {@code docker.io} for
 *     Docker Hub
 */
public record RegistryHost(String name) {
    private static final int MAX_LENGTH = 255;
    private static final Pattern HOST = Pattern.compile("[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");
    private static final String LOCALHOST = "localhost";
    private static final Set<String> LOOPBACK = Set.of(LOCALHOST, "127.0.0.1");
    /** The API server of Docker Hub. */
    private static final String DOCKER_HUB = "registry-1.docker.io";

    private static final int HTTPS = 443;

    /**
     * Parses a host with an optional port.
     *
     * @throws UserErrorException if it is malformed
     */
    public static RegistryHost of(String text) throws UserErrorException {
        String host = text.trim().toLowerCase(Locale.ROOT);
        boolean named = host.contains(".") || host.contains(":") || host.equals(LOCALHOST);
        if (!named
                || host.length() > MAX_LENGTH
                || host.contains("..")
                || !HOST.matcher(host).matches()) {
            throw new UserErrorException(
                    "\"" + text + "\" is not a valid registry host",
                    "Give the host as image names contain it, such as ghcr.io or registry.example.com:5000, and docker.io"
                            + " for Docker Hub");
        }
        boolean usualPort = host.endsWith(":" + HTTPS);
        String name = usualPort ? host.substring(0, host.lastIndexOf(':')) : host;
        // Docker Hub has several names.
        return new RegistryHost(NormalizedImage.of(name + "/org/image").registry());
    }

    /** Whether an image is in this registry. */
    public boolean has(NormalizedImage image) {
        return image.registry().toLowerCase(Locale.ROOT).equals(name);
    }

    /** The URL without a trailing slash; plain http for localhost only. */
    public URI url() {
        String host = name.equals(NormalizedImage.DEFAULT_REGISTRY) ? DOCKER_HUB : name;
        return URI.create((isLoopback() ? "http://" : "https://") + host);
    }

    private boolean isLoopback() {
        int port = name.lastIndexOf(':');
        return LOOPBACK.contains(port < 0 ? name : name.substring(0, port));
    }

    /**
     * Whether a token may be requested from a URL that this registry returned, with the registry's credentials. Allowed are
     * the registry itself, its parent domain and the hosts directly below that, and the configured token server.
     *
     * @param tokenServer the configured token server; null for none
     */
    boolean allowsTokenFrom(URI realm, @CheckForNull RegistryHost tokenServer) {
        String host = realm.getHost();
        if (host == null || realm.getRawUserInfo() != null || realm.getRawFragment() != null) {
            return false;
        }
        URI own = url();
        boolean sameScheme = own.getScheme().equalsIgnoreCase(realm.getScheme());
        if (sameScheme && own.getHost().equalsIgnoreCase(host) && port(own) == port(realm)) {
            return true;
        }
        if (!"https".equalsIgnoreCase(realm.getScheme())) {
            return false;
        }
        if (tokenServer != null
                && tokenServer.url().getHost().equalsIgnoreCase(host)
                && port(tokenServer.url()) == port(realm)) {
            return true;
        }
        return port(realm) == HTTPS && isInDomainOf(own.getHost(), host.toLowerCase(Locale.ROOT));
    }

    /** Whether a host is the registry's parent domain, or directly below it. A top-level domain does not count. */
    private static boolean isInDomainOf(String registry, String host) {
        String domain = registry.substring(registry.indexOf('.') + 1);
        boolean named = domain.contains(".") && !ADDRESS.matcher(registry).matches();
        return named
                && (host.equals(domain) || host.substring(host.indexOf('.') + 1).equals(domain));
    }

    private static int port(URI uri) {
        return uri.getPort() < 0 && "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS : uri.getPort();
    }
}
