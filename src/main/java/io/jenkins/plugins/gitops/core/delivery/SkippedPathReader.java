package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;

/** Explains why a path that matches a pattern is not a target. */
final class SkippedPathReader {
    private final FileTree tree;
    private final EnvironmentNames environments;
    private final PolicyExample example;
    private final TargetDiscovery discovery;

    SkippedPathReader(FileTree tree, EnvironmentNames environments, PolicyExample example, TargetDiscovery discovery) {
        this.tree = tree;
        this.environments = environments;
        this.example = example;
        this.discovery = discovery;
    }

    /**
     * @param reading result of reading the path with the pattern
     * @return null when there is a target, or the path does not look like one
     */
    @CheckForNull
    SkippedPath read(LayoutPattern pattern, String path, PathReader.Reading reading) throws IOException {
        Target target = reading.target();
        if (target == null) {
            return reading.skipped() != null && discovery.hasPlace(pattern, path) ? reading.skipped() : null;
        }
        if (discovery.exists(pattern, target, false)) {
            return unnamed(pattern, target);
        }
        // A folder that contains only folders is an intermediate folder.
        if (tree.list(target.path()).stream().allMatch(FileTree.Entry::folder)) {
            return null;
        }
        String file = target.imageFile();
        if (pattern.isBuiltIn() && pattern.isOnlyFile() && pattern.mark() == null) {
            // Most files in the folder of an environment are something else.
            return null;
        }
        return file == null ? unmarked(pattern, target) : withoutFile(pattern, target, file);
    }

    /** Why there is no name for an application that is named after its image; null when there is one. */
    @CheckForNull
    private SkippedPath unnamed(LayoutPattern pattern, Target target) throws IOException {
        String reason = "is not a target, because it sets no image that the application could be named after";
        try {
            if (discovery.named(pattern, target).isPresent()) {
                return null;
            }
        } catch (UserErrorException unreadable) {
            reason = "is not a target, because its images cannot be read";
        }
        return skipped(
                pattern,
                target,
                target.path(),
                reason,
                "Name the application with " + example.target("NAME", target.environment(), target.path(), null));
    }

    private SkippedPath unmarked(LayoutPattern pattern, Target target) {
        if (pattern.source() == LayoutPattern.Source.BUILT_IN_BY_NAME) {
            return withoutImage(pattern, target);
        }
        return skipped(
                pattern,
                target,
                target.path(),
                "is not a target, because it has no kustomization, image-tag.yaml or values file",
                "If it is one, declare "
                        + example.lines("environments: ["
                                + PolicyExample.environment(environments.folderOf(target.environment())) + "]"));
    }

    /** For a folder that looks like a target only by its name. */
    private SkippedPath withoutImage(LayoutPattern pattern, Target target) {
        String app = target.application().isEmpty() ? "NAME" : target.application();
        return skipped(
                pattern,
                target,
                target.path(),
                "is not a target, because no image can be read in it",
                "If it is one, add " + example.target(app, target.environment(), target.path(), null));
    }

    private SkippedPath withoutFile(LayoutPattern pattern, Target target, String file) throws IOException {
        return discovery.isFile(file)
                ? skipped(
                        pattern,
                        target,
                        file,
                        "is not a target, because it sets no image and there is no " + pattern.mark() + " beside it",
                        "If it is one, add "
                                + example.target(target.application(), target.environment(), target.path(), file))
                : skipped(
                        pattern,
                        target,
                        file,
                        "is missing, so there is no target " + target.id(),
                        "Add the file, or change imageFile in " + Delivery.FILE);
    }

    private static SkippedPath skipped(
            LayoutPattern pattern, Target target, String path, String reason, String remedy) {
        String app = target.application().isEmpty() ? null : target.application();
        return new SkippedPath(path, pattern.toString(), app, target.environment(), reason, remedy);
    }
}
