package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.report.Report.Details;
import io.jenkins.plugins.gitops.core.report.Report.LiveOverride;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the spec of a Kustomization sets in precedence over Git, or excludes. */
final class FluxOverrides {
    private static final int MAX_PATCH_LENGTH = 200;

    private FluxOverrides() {}

    static List<LiveOverride> of(Map<String, Object> object) {
        List<LiveOverride> found = new ArrayList<>();
        for (Object image : JsonTree.list(object, "spec", "images")) {
            found.add(new LiveOverride("spec.images", image(image)));
        }
        for (Object patch : JsonTree.list(object, "spec", "patches")) {
            String text = JsonTree.textOr("", patch, "patch");
            if (text.contains("image") || text.contains("$patch")) {
                found.add(new LiveOverride("spec.patches", TextSanitizer.line(text, MAX_PATCH_LENGTH)));
            }
        }
        JsonTree.map(object, "spec", "postBuild", "substitute").forEach((key, value) -> {
            if (value instanceof String text) {
                found.add(new LiveOverride(
                        "spec.postBuild.substitute." + TextSanitizer.line(key), TextSanitizer.line(text)));
            }
        });
        for (Object component : JsonTree.list(object, "spec", "components")) {
            found.add(new LiveOverride("spec.components", TextSanitizer.line(String.valueOf(component))));
        }
        return List.copyOf(found.subList(0, Math.min(found.size(), Details.MAX_OVERRIDES)));
    }

    /** The resulting image, such as {@code registry.example.com/web:1.0}. */
    private static String image(Object image) {
        String name = JsonTree.textOr(JsonTree.textOr("", image, "name"), image, "newName");
        String tag = JsonTree.textOr("", image, "newTag");
        String digest = JsonTree.textOr("", image, "digest");
        return TextSanitizer.line(name + (tag.isEmpty() ? "" : ":" + tag) + (digest.isEmpty() ? "" : "@" + digest));
    }
}
