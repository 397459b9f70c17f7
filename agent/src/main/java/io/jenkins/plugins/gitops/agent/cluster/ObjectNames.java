package io.jenkins.plugins.gitops.agent.cluster;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether names may be part of a URL of the API. The API server would refuse the others, but only after a URL was made of
 * them that may be that of another object or namespace.
 */
final class ObjectNames {
    /** A label of RFC 1123, as the API server requires of namespaces. */
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    /** Wider than the rule of any kind; kinds of RBAC allow all that Kubernetes' own {@code IsValidPathSegmentName} does. */
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[^/%?#\\s\\p{Cntrl}]+");

    private ObjectNames() {}

    /** What is wrong with the name or the namespace of a manifest; empty when nothing is. */
    static Optional<String> problem(String name, String namespace) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            return Optional.of("\"" + namespace + "\" is not a valid name of a namespace");
        }
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("\"" + name + "\" is not a valid name of an object");
    }
}
