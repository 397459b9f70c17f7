package io.jenkins.plugins.gitops.core.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.Report.Override;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What in the live Application itself decides on images: it wins over what Git says, or is left out of the comparison. */
final class SourceOverrides {
    static final String IGNORE_DIFFERENCES = "spec.ignoreDifferences";

    private static final int MAX_DEPTH = 10;
    private static final List<String> IMAGE_KEYS = List.of("image", "images", "tag", "digest", "repository");

    private final List<Override> found = new ArrayList<>();

    private SourceOverrides() {}

    /** Of all sources, at most {@link Report.Details#MAX_OVERRIDES}. */
    static List<Override> of(JsonNode spec) {
        SourceOverrides overrides = new SourceOverrides();
        JsonNode sources = Nodes.at(spec, "sources");
        if (sources.isEmpty()) {
            overrides.source(Nodes.at(spec, "source"), "spec.source");
        }
        for (int i = 0; i < sources.size(); i++) {
            overrides.source(sources.get(i), "spec.sources[" + i + "]");
        }
        Nodes.at(spec, "ignoreDifferences").forEach(overrides::ignoredDifference);
        return overrides.found;
    }

    private void add(String place, @CheckForNull String value) {
        if (found.size() < Report.Details.MAX_OVERRIDES) {
            found.add(new Override(place, value));
        }
    }

    private void source(JsonNode source, String place) {
        for (JsonNode image : Nodes.at(source, "kustomize", "images")) {
            add(place + ".kustomize.images", Nodes.line(image.asText()));
        }
        for (JsonNode patch : Nodes.at(source, "kustomize", "patches")) {
            if (Nodes.text(patch, "patch").contains("image")) {
                add(place + ".kustomize.patches", null);
            }
        }
        JsonNode helm = Nodes.at(source, "helm");
        for (JsonNode parameter : Nodes.at(helm, "parameters")) {
            String name = Nodes.text(parameter, "name");
            if (isAboutImages(name)) {
                add(
                        place + ".helm.parameters",
                        Nodes.line(name + "=" + parameter.path("value").asText()));
            }
        }
        values(Nodes.at(helm, "valuesObject"), "", place + ".helm.valuesObject", MAX_DEPTH);
        String values = Nodes.text(helm, "values");
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
                    add(place, Nodes.line(key + "=" + field.getValue().asText()));
                }
            } else {
                values(field.getValue(), key, place, depth - 1);
            }
        }
    }

    /** By its last part, such as {@code web.image.tag}. */
    private static boolean isAboutImages(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return IMAGE_KEYS.contains(last) || last.endsWith("image") || last.endsWith("imagetag");
    }

    private void ignoredDifference(JsonNode rule) {
        String what = Nodes.text(rule, "group") + "/" + Nodes.text(rule, "kind");
        for (JsonNode pointer : Nodes.at(rule, "jsonPointers")) {
            String path = pointer.asText();
            if (path.contains("/image") || path.endsWith("ontainers") || isAboveContainers(path)) {
                add(IGNORE_DIFFERENCES, Nodes.line(what + " " + path));
            }
        }
        for (JsonNode expression : Nodes.at(rule, "jqPathExpressions")) {
            String path = expression.asText();
            if (path.contains("image") || path.contains("ontainers")) {
                add(IGNORE_DIFFERENCES, Nodes.line(what + " " + path));
            }
        }
        for (JsonNode manager : Nodes.at(rule, "managedFieldsManagers")) {
            add(IGNORE_DIFFERENCES, Nodes.line(what + " fields of " + manager.asText()));
        }
    }

    /** A pointer to a part that holds the containers, or to one container. */
    private static boolean isAboveContainers(String pointer) {
        return pointer.matches("(?:/spec(?:/jobTemplate(?:/spec)?)?(?:/template(?:/spec)?)?)?")
                || pointer.matches(".*ontainers/[0-9]+");
    }
}
