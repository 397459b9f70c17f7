package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Image settings in the live Application itself: they override Git, or exclude fields from the comparison. */
final class SourceOverrides {
    static final String IGNORE_DIFFERENCES = "spec.ignoreDifferences";

    private static final int MAX_DEPTH = 10;
    private static final List<String> IMAGE_KEYS = List.of("image", "images", "tag", "digest", "repository");

    private final List<LiveOverride> found = new ArrayList<>();

    private SourceOverrides() {}

    /** The overrides of all sources, at most {@link Report.Details#MAX_OVERRIDES}. */
    static List<LiveOverride> of(JsonNode spec) {
        SourceOverrides overrides = new SourceOverrides();
        JsonNode sources = JsonNodes.at(spec, "sources");
        if (sources.isEmpty()) {
            overrides.source(JsonNodes.at(spec, "source"), "spec.source");
        }
        for (int i = 0; i < sources.size(); i++) {
            overrides.source(sources.get(i), "spec.sources[" + i + "]");
        }
        JsonNodes.at(spec, "ignoreDifferences").forEach(overrides::ignoredDifference);
        return overrides.found;
    }

    private void add(String place, @CheckForNull String value) {
        if (found.size() < Report.Details.MAX_OVERRIDES) {
            found.add(new LiveOverride(place, value));
        }
    }

    private void source(JsonNode source, String place) {
        for (JsonNode image : JsonNodes.at(source, "kustomize", "images")) {
            add(place + ".kustomize.images", JsonNodes.line(image.asText()));
        }
        for (JsonNode patch : JsonNodes.at(source, "kustomize", "patches")) {
            if (JsonNodes.text(patch, "patch").contains("image")) {
                add(place + ".kustomize.patches", null);
            }
        }
        JsonNode helm = JsonNodes.at(source, "helm");
        for (JsonNode parameter : JsonNodes.at(helm, "parameters")) {
            String name = JsonNodes.text(parameter, "name");
            if (isAboutImages(name)) {
                add(
                        place + ".helm.parameters",
                        JsonNodes.line(name + "=" + parameter.path("value").asText()));
            }
        }
        values(JsonNodes.at(helm, "valuesObject"), "", place + ".helm.valuesObject", MAX_DEPTH);
        String values = JsonNodes.text(helm, "values");
        if (values.contains("image") || values.contains("tag:")) {
            add(place + ".helm.values", null);
        }
    }

    private void values(JsonNode node, String path, String place, int depth) {
        if (depth == 0) {
            return;
        }
        Iterator<Map.Entry<String, JsonNode>> fields = node.fields();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            String key = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (field.getValue().isValueNode()) {
                if (isAboutImages(key)) {
                    add(place, JsonNodes.line(key + "=" + field.getValue().asText()));
                }
            } else {
                values(field.getValue(), key, place, depth - 1);
            }
        }
    }

    /** Decides by the last segment, such as {@code tag} of {@code web.image.tag}. */
    private static boolean isAboutImages(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return IMAGE_KEYS.contains(last) || last.endsWith("image") || last.endsWith("imagetag");
    }

    private void ignoredDifference(JsonNode rule) {
        String what = JsonNodes.text(rule, "group") + "/" + JsonNodes.text(rule, "kind");
        for (JsonNode pointer : JsonNodes.at(rule, "jsonPointers")) {
            String path = pointer.asText();
            if (path.contains("/image") || path.endsWith("ontainers") || isAboveContainers(path)) {
                add(IGNORE_DIFFERENCES, JsonNodes.line(what + " " + path));
            }
        }
        for (JsonNode expression : JsonNodes.at(rule, "jqPathExpressions")) {
            String path = expression.asText();
            if (path.contains("image") || path.contains("ontainers")) {
                add(IGNORE_DIFFERENCES, JsonNodes.line(what + " " + path));
            }
        }
        for (JsonNode manager : JsonNodes.at(rule, "managedFieldsManagers")) {
            add(IGNORE_DIFFERENCES, JsonNodes.line(what + " fields of " + manager.asText()));
        }
    }

    /** Whether the pointer denotes a container, or an object that contains the containers. */
    private static boolean isAboveContainers(String pointer) {
        return pointer.matches("(?:/spec(?:/jobTemplate(?:/spec)?)?(?:/template(?:/spec)?)?)?")
                || pointer.matches(".*ontainers/[0-9]+");
    }
}
