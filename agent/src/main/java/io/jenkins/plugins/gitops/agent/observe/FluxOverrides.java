package io.jenkins.plugins.gitops.agent.observe;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.CleanText;
import io.jenkins.plugins.gitops.core.sync.Report.Details;
import io.jenkins.plugins.gitops.core.sync.Report.Override;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the spec of a Kustomization puts above, or leaves out of, what Git says. */
final class FluxOverrides {
    private static final int LONGEST_PATCH = 200;

    private FluxOverrides() {}

    static List<Override> of(Map<String, Object> object) {
        List<Override> found = new ArrayList<>();
        for (Object image : JsonTree.list(object, "spec", "images")) {
            found.add(new Override("spec.images", image(image)));
        }
        for (Object patch : JsonTree.list(object, "spec", "patches")) {
            String text = JsonTree.textOr("", patch, "patch");
            if (text.contains("image") || text.contains("$patch")) {
                found.add(new Override("spec.patches", CleanText.line(text, LONGEST_PATCH)));
            }
        }
        JsonTree.map(object, "spec", "postBuild", "substitute").forEach((key, value) -> {
            if (value instanceof String text) {
                found.add(new Override("spec.postBuild.substitute." + CleanText.line(key), CleanText.line(text)));
            }
        });
        for (Object component : JsonTree.list(object, "spec", "components")) {
            found.add(new Override("spec.components", CleanText.line(String.valueOf(component))));
        }
        return List.copyOf(found.subList(0, Math.min(found.size(), Details.MAX_OVERRIDES)));
    }

    /** {@code registry.example.com/web:1.0}: the image that comes out. */
    private static String image(Object image) {
        String name = JsonTree.textOr(JsonTree.textOr("", image, "name"), image, "newName");
        String tag = JsonTree.textOr("", image, "newTag");
        String digest = JsonTree.textOr("", image, "digest");
        return CleanText.line(name + (tag.isEmpty() ? "" : ":" + tag) + (digest.isEmpty() ? "" : "@" + digest));
    }
}
