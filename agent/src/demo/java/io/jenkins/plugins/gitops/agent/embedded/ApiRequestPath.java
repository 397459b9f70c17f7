package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parsed path of a request.
 *
 * @param kind the kind of the collection or object
 * @param namespace {@code ""} for all namespaces and for cluster-scoped kinds
 * @param name null for a collection
 * @param subresource status or scale; null for the object itself
 */
record ApiRequestPath(
        ResourceKind kind,
        String namespace,
        @CheckForNull String name,
        @CheckForNull String subresource,
        Map<String, String> query) {
    private static final Pattern PATH = Pattern.compile(
            "/(?:api|apis/(?<group>[^/]+))/(?<version>[^/]+)"
                    + "(?:/namespaces/(?<namespace>[^/]+)(?=/[^/]+))?/(?<plural>[^/]+)(?:/(?<name>[^/]+)(?:/(?<sub>status|scale))?)?");

    /**
     * Parses a path.
     *
     * @param kinds the served kinds
     * @throws ApiStatusException 404 for any other path
     */
    static ApiRequestPath parse(URI uri, KindRegistry kinds) throws ApiStatusException {
        String path = uri.getPath();
        Map<String, String> query = query(uri.getRawQuery());
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            throw ApiStatusException.noSuchKind();
        }
        String group = matcher.group("group") == null ? "" : matcher.group("group");
        String namespace = matcher.group("namespace") == null ? "" : matcher.group("namespace");
        String plural = matcher.group("plural");
        String name = matcher.group("name");
        String sub = matcher.group("sub");
        // The path of a namespace's status has the form of an object in that namespace.
        if (plural.equals("status") && !namespace.isEmpty() && name == null) {
            return parse(URI.create("/api/v1/namespaces/" + namespace), kinds).withSubresource("status", query);
        }
        ResourceKind kind = kinds.find(group, matcher.group("version"), plural);
        if (kind == null || !kind.namespaced() && !namespace.isEmpty()) {
            throw ApiStatusException.noSuchKind();
        }
        return new ApiRequestPath(kind, namespace, name, sub, query);
    }

    private ApiRequestPath withSubresource(String other, Map<String, String> otherQuery) {
        return new ApiRequestPath(kind, namespace, name, other, otherQuery);
    }

    private static Map<String, String> query(@CheckForNull String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.put(URLDecoder.decode(key, StandardCharsets.UTF_8), URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return query;
    }

    ObjectKey key() {
        return key(name);
    }

    ObjectKey key(String objectName) {
        return new ObjectKey(kind.group(), kind.plural(), namespace, objectName);
    }

    boolean isDryRun() {
        return "All".equals(query.get("dryRun"));
    }

    boolean isWatch() {
        return "true".equals(query.get("watch")) || "1".equals(query.get("watch"));
    }
}
