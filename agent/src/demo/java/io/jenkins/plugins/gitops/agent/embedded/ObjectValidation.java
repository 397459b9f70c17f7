package io.jenkins.plugins.gitops.agent.embedded;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.Map;
import java.util.regex.Pattern;

/** A few rules of a real API server: enough to reject the usual mistakes. */
final class ObjectValidation {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.:]*[a-z0-9])?");

    private ObjectValidation() {}

    static void check(
            ObjectStore store,
            ApiRequestPath target,
            @CheckForNull Map<String, Object> live,
            Map<String, Object> object)
            throws ApiStatusException {
        String kind = target.kind().kind();
        String name = JsonTree.textOr("", object, "metadata", "name");
        if (name.length() > 253 || !NAME.matcher(name).matches()) {
            throw ApiStatusException.invalid(
                    kind,
                    name,
                    "metadata.name: Invalid value: \"" + name
                            + "\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'");
        }
        if (live == null
                && target.kind().namespaced()
                && store.get(new ObjectKey("", "namespaces", "", target.namespace())) == null) {
            throw ApiStatusException.notFound("namespaces", target.namespace());
        }
        if (kind.equals("ConfigMap")
                && !JsonTree.map(object, "data").values().stream().allMatch(String.class::isInstance)) {
            throw ApiStatusException.badRequest(
                    "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: data holds a value that is not a string");
        }
        if (kind.equals("Deployment") || kind.equals("StatefulSet") || kind.equals("DaemonSet")) {
            checkWorkload(kind, name, live, object);
        }
    }

    private static void checkWorkload(
            String kind, String name, @CheckForNull Map<String, Object> live, Map<String, Object> object)
            throws ApiStatusException {
        Map<String, Object> wanted = JsonTree.map(object, "spec", "selector", "matchLabels");
        Map<String, Object> labels = JsonTree.map(object, "spec", "template", "metadata", "labels");
        if (JsonTree.map(object, "spec", "selector").isEmpty()) {
            throw ApiStatusException.invalid(kind, name, "spec.selector: Required value");
        }
        if (!labels.entrySet().containsAll(wanted.entrySet())) {
            throw ApiStatusException.invalid(
                    kind,
                    name,
                    "spec.template.metadata.labels: Invalid value: " + JsonTree.format(labels)
                            + ": `selector` does not match template `labels`");
        }
        Object before = JsonTree.at(live, "spec", "selector");
        if (before != null && !JsonTree.same(before, JsonTree.at(object, "spec", "selector"))) {
            throw ApiStatusException.invalid(
                    kind, name, "spec.selector: Invalid value: " + JsonTree.format(wanted) + ": field is immutable");
        }
        if (JsonTree.numberOr(0, object, "spec", "replicas") < 0) {
            throw ApiStatusException.invalid(
                    kind, name, "spec.replicas: Invalid value: must be greater than or equal to 0");
        }
        if (JsonTree.list(object, "spec", "template", "spec", "containers").isEmpty()) {
            throw ApiStatusException.invalid(kind, name, "spec.template.spec.containers: Required value");
        }
        for (Object container : JsonTree.list(object, "spec", "template", "spec", "containers")) {
            if (JsonTree.text(container, "name") == null || JsonTree.text(container, "image") == null) {
                throw ApiStatusException.invalid(
                        kind, name, "spec.template.spec.containers[].name and image: Required value");
            }
        }
    }
}
