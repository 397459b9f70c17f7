package io.jenkins.plugins.gitops.agent.cluster;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Validates names for use in URLs of the API. The API server would reject invalid ones, but a URL made from them might
 * refer to another object or namespace.
 */
final class ObjectNames {
    /** A label of RFC 1123, as the API server requires for namespaces. */
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    /** Wider than the rule of any kind; RBAC kinds allow all that Kubernetes' {@code IsValidPathSegmentName} does. */
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[^/%?#\\s\\p{Cntrl}]+");

    private ObjectNames() {}

    /** Why the name or the namespace of a manifest is invalid; empty if both are valid. */
    static Optional<String> problem(String name, String namespace) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            return Optional.of("\"" + namespace + "\" is not a valid name of a namespace");
        }
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("\"" + name + "\" is not a valid name of an object");
    }
}
