package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The images of one target before and after a change, as files and as trailers. */
final class Images {
    private final FileTree tree;
    private final Target target;
    private final List<ImageReference> before;
    private final Map<String, ImageReference> after = new LinkedHashMap<>();

    Images(FileTree tree, Target target) throws RefusedException, IOException {
        this.tree = tree;
        this.target = target;
        this.before = TargetImages.read(tree, target);
    }

    List<ImageReference> before() {
        return before;
    }

    Images set(ImageReference image) {
        after.put(image.name(), image);
        return this;
    }

    Images setAll(List<ImageReference> images) {
        images.forEach(this::set);
        return this;
    }

    /** The new content of the one file that holds the images. */
    Map<String, byte[]> files() throws RefusedException, IOException {
        return TargetImages.set(tree, target, List.copyOf(after.values()), false);
    }

    /** One {@code Gitops-Image} line for each image that was asked for: {@code old -> new}. */
    Trailers addTo(Trailers trailers) {
        Trailers result = trailers;
        for (ImageReference image : after.values()) {
            ImageReference old = before.stream()
                    .filter(b -> b.name().equals(image.name()))
                    .findFirst()
                    .orElse(null);
            result = result.with(Trailers.IMAGE, new ImageChange(old, image).toString());
        }
        return result;
    }

    /** Short words for a subject line: the tags, or digests where there is no tag. */
    String summary() {
        List<String> versions = new ArrayList<>();
        for (ImageReference image : after.values()) {
            String version = image.tag() != null ? image.tag() : image.digest();
            if (!versions.contains(version)) {
                versions.add(version);
            }
        }
        return String.join(", ", versions);
    }
}
