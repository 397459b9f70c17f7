package io.jenkins.plugins.gitops.agent;

import io.jenkins.plugins.gitops.agent.cluster.AllowedResources;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.StrictMapping;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads which namespaces and kinds an agent may apply to. */
final class AllowedResourcesReader {
    /** The file with the pod's own namespace. */
    static final Path POD_NAMESPACE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    /** The namespaces of the control plane and its nodes, which are denied unless the configuration allows them. */
    static final Set<String> SYSTEM = Set.of("kube-system", "kube-public", "kube-node-lease");

    private static final String ALLOWED_NAMESPACES = "allowedNamespaces";
    private static final String DENIED_NAMESPACES = "deniedNamespaces";
    private static final String ALLOWED_KINDS = "allowedKinds";
    private static final String DENIED_KINDS = "deniedKinds";

    /** A label of RFC 1123, as Kubernetes requires. */
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final Pattern KIND =
            Pattern.compile("([a-z0-9][a-z0-9.-]*/)?[A-Z][A-Za-z0-9]*|[a-z0-9][a-z0-9.-]*/\\*");

    private AllowedResourcesReader() {}

    /**
     * @param podNamespace the file with the agent's own namespace, which need not exist
     * @throws UserErrorException if a name is invalid, is both allowed and denied, or nothing would be allowed
     */
    static AllowedResources read(StrictMapping root, Path podNamespace) throws UserErrorException {
        Set<String> namespaces = allowed(root, ALLOWED_NAMESPACES, namespaces(root, ALLOWED_NAMESPACES));
        Set<String> denied = namespaces(root, DENIED_NAMESPACES);
        requireDisjoint(root, namespaces, DENIED_NAMESPACES, ALLOWED_NAMESPACES);
        if (root.value(DENIED_NAMESPACES) == null) {
            denied = defaultDenied(podNamespace);
            denied.removeAll(namespaces);
        }
        Set<String> kinds = allowed(root, ALLOWED_KINDS, kinds(root, ALLOWED_KINDS));
        requireDisjoint(root, kinds, DENIED_KINDS, ALLOWED_KINDS);
        return new AllowedResources(namespaces, denied, kinds, kinds(root, DENIED_KINDS));
    }

    private static Set<String> defaultDenied(Path podNamespace) {
        Set<String> denied = new TreeSet<>(SYSTEM);
        try {
            denied.add(Files.readString(podNamespace).strip());
        } catch (IOException e) {
            // The agent does not run in a pod, so it has no namespace.
        }
        return denied;
    }

    private static Set<String> namespaces(StrictMapping root, String key) throws UserErrorException {
        return names(root, key, NAMESPACE, "the name of a namespace", "Write exact names; patterns are not supported");
    }

    private static Set<String> kinds(StrictMapping root, String key) throws UserErrorException {
        return names(
                root,
                key,
                KIND,
                "a kind with its group",
                "Write for example Service, apps/Deployment or apps/*, without a version");
    }

    private static Set<String> names(StrictMapping root, String key, Pattern pattern, String what, String remedy)
            throws UserErrorException {
        List<String> names = root.texts(key);
        for (int i = 0; i < names.size(); i++) {
            if (!pattern.matcher(names.get(i)).matches()) {
                throw new UserErrorException(
                        item(root, key, i).location(),
                        "\"" + names.get(i) + "\" in \"" + key + "\" is not " + what,
                        remedy);
            }
        }
        return new LinkedHashSet<>(names);
    }

    private static Set<String> allowed(StrictMapping root, String key, Set<String> names) throws UserErrorException {
        if (names.isEmpty() && root.value(key) != null) {
            throw new UserErrorException(
                    root.valueLocation(key),
                    "\"" + key + "\" is empty, which would allow nothing",
                    "Name what is allowed, or remove the key to allow all");
        }
        return names;
    }

    private static void requireDisjoint(StrictMapping root, Set<String> allowed, String deniedKey, String allowedKey)
            throws UserErrorException {
        List<String> denied = root.texts(deniedKey);
        for (int i = 0; i < denied.size(); i++) {
            if (allowed.contains(denied.get(i))) {
                throw new UserErrorException(
                        item(root, deniedKey, i).location(),
                        "\"" + denied.get(i) + "\" is in \"" + deniedKey + "\" and in \"" + allowedKey + "\"",
                        "Remove it from one of the two");
            }
        }
    }

    private static YamlNode item(StrictMapping root, String key, int index) throws UserErrorException {
        return root.items(key).get(index);
    }
}
