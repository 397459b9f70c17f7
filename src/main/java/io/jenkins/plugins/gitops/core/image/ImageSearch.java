package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import java.util.List;

/**
 * How to find the images of a file.
 *
 * @param paths of images in Helm values, see {@link io.jenkins.plugins.gitops.core.yaml.KeyPath}; empty for detection
 * @param rules for this file; if there are any, only they count
 * @param application name for the image of a rule without any name; null to use the path of its tag
 */
public record ImageSearch(
        List<String> paths,
        List<ImageRule> rules,
        @CheckForNull String application) {
    public ImageSearch {
        paths = List.copyOf(paths);
        rules = List.copyOf(rules);
    }

    /** Without rules. */
    public static ImageSearch at(List<String> paths) {
        return new ImageSearch(paths, List.of(), null);
    }
}
