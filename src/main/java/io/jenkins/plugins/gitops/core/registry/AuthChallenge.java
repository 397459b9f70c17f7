package io.jenkins.plugins.gitops.core.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry requires requests to be authenticated.
 *
 * @param bearer true: with a token; false: with user name and password
 * @param realm the URL that issues tokens; null if it is missing or malformed, or no token is required
 * @param service the service that the token is for; null if the registry names none
 */
record AuthChallenge(
        boolean bearer,
        @CheckForNull URI realm,
        @CheckForNull String service) {
    private static final int MAX_LENGTH = 4_096;
    private static final Pattern PARAMETER = Pattern.compile("([a-zA-Z]+)=\"([^\"\\\\]{0,2000})\"");

    /** Reads the headers of a response; prefers a token if there are several challenges. */
    static Optional<AuthChallenge> of(HttpHeaders headers) {
        AuthChallenge basic = null;
        for (String header : headers.allValues("WWW-Authenticate")) {
            String value = header.trim();
            String lower = value.toLowerCase(Locale.ROOT);
            if (value.length() > MAX_LENGTH) {
                continue;
            }
            if (lower.startsWith("bearer ")) {
                return Optional.of(bearer(value));
            }
            if (lower.equals("basic") || lower.startsWith("basic ")) {
                basic = new AuthChallenge(false, null, null);
            }
        }
        return Optional.ofNullable(basic);
    }

    private static AuthChallenge bearer(String value) {
        URI realm = null;
        String service = null;
        Matcher matcher = PARAMETER.matcher(value);
        while (matcher.find()) {
            switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
                case "realm" -> realm = uri(matcher.group(2));
                case "service" -> service = matcher.group(2);
                default -> {
                    // The scope is ignored: a token is only requested for pulling this repository.
                }
            }
        }
        return new AuthChallenge(true, realm, service);
    }

    @CheckForNull
    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** The URL that returns a token for pulling from a repository. */
    URI tokenUrl(String repository) {
        String query = (service == null ? "" : "service=" + encode(service) + "&") + "scope="
                + encode("repository:" + repository + ":pull");
        String url = String.valueOf(realm);
        return URI.create(url + (url.indexOf('?') < 0 ? "?" : "&") + query);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
