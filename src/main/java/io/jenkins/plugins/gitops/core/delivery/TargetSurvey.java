package io.jenkins.plugins.gitops.core.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All targets of one revision of a config repository, or of one revision of each of its branches, and the paths that look
 * like targets but are not.
 *
 * @param targets in the order of {@link Delivery#targets}, at most {@link #MAX_TARGETS}
 * @param skipped as {@link Delivery#skipped}
 * @param complete whether these are all targets
 * @param problems why the targets of a branch are missing; each one a message
 */
public record TargetSurvey(
        List<FoundTarget> targets, List<SkippedPath> skipped, boolean complete, List<String> problems) {
    /** Maximum number of targets whose images are read. */
    public static final int MAX_TARGETS = 5_000;

    public TargetSurvey {
        targets = List.copyOf(targets);
        skipped = List.copyOf(skipped);
        problems = List.copyOf(problems);
    }

    /**
     * A target with its images.
     *
     * @param path of its folder
     * @param files that set its images; empty when they cannot be read
     * @param images with tag and digest, or only names if none has any; empty when they cannot be read
     * @param rule the matching pattern and its source
     * @param problem why its images cannot be read, a message with its remedy; null when they can
     * @param branch that it is on; null for the one that {@code gitops.yaml} is read from
     */
    public record FoundTarget(
            String application,
            String environment,
            String path,
            List<String> files,
            List<String> images,
            String rule,
            @CheckForNull String problem,
            @CheckForNull String branch) {
        public FoundTarget {
            files = List.copyOf(files);
            images = List.copyOf(images);
        }

        /** {@code application/environment}. */
        public String id() {
            return application + "/" + environment;
        }
    }

    /**
     * Reads all targets and their images.
     *
     * @param delivery of this tree
     * @throws IOException when the tree cannot be read
     */
    public static TargetSurvey of(FileTree tree, Delivery delivery) throws IOException {
        List<FoundTarget> found = new ArrayList<>();
        List<Target> targets = delivery.targets();
        for (Target target : targets.subList(0, Math.min(targets.size(), MAX_TARGETS))) {
            found.add(found(tree, delivery, target));
        }
        boolean complete = targets.size() <= MAX_TARGETS && !delivery.isIncomplete();
        return new TargetSurvey(found, delivery.skipped(), complete, List.of());
    }

    /**
     * Reads all targets and their images, on all branches that the policy names.
     *
     * @param tree the files of the policy's branch
     * @throws UserErrorException when {@code gitops.yaml} cannot be read
     * @throws IOException when the tree cannot be read
     */
    public static TargetSurvey of(FileTree tree, BranchFiles others) throws UserErrorException, IOException {
        return of(BranchDeliveries.of(tree, others));
    }

    static TargetSurvey of(BranchDeliveries branches) throws IOException {
        List<FoundTarget> targets = new ArrayList<>();
        Set<SkippedPath> skipped = new LinkedHashSet<>();
        boolean complete = branches.problems().isEmpty();
        for (BranchDeliveries.BranchDelivery branch : branches.read()) {
            TargetSurvey one = of(branch.tree(), branch.delivery());
            targets.addAll(one.targets());
            skipped.addAll(one.skipped());
            complete &= one.complete();
        }
        return new TargetSurvey(
                targets.subList(0, Math.min(targets.size(), MAX_TARGETS)),
                List.copyOf(skipped),
                complete && targets.size() <= MAX_TARGETS,
                List.copyOf(branches.problems().values()));
    }

    private static FoundTarget found(FileTree tree, Delivery delivery, Target target) throws IOException {
        List<String> files = List.of();
        List<String> images = List.of();
        String problem = null;
        try {
            List<ImageEntry> entries = TargetImages.entries(tree, target);
            files = entries.stream()
                    .map(entry -> entry.location().file())
                    .distinct()
                    .toList();
            images = entries.stream()
                    .map(entry -> entry.image().toString())
                    .distinct()
                    .toList();
            if (entries.isEmpty()) {
                files = List.of(TargetImages.imageFile(tree, target));
                images = TargetImages.names(tree, target);
            }
            if (images.isEmpty()) {
                problem =
                        files.get(0) + ": This file of " + target + " sets no image. Add one, or name the place of the"
                                + " image with images in " + Delivery.FILE + ".";
            }
        } catch (UserErrorException e) {
            problem = e.getMessage();
        }
        return new FoundTarget(
                target.application(),
                target.environment(),
                target.path(),
                files,
                images,
                rule(delivery, target),
                problem,
                target.environmentBranch());
    }

    private static String rule(Delivery delivery, Target target) throws IOException {
        return delivery.patternOf(target)
                .map(pattern -> switch (pattern.source()) {
                    case BUILT_IN, BUILT_IN_BY_NAME -> "known layout " + pattern;
                    case APPLICATIONS -> "applications of " + Delivery.FILE + ": " + pattern;
                    case TARGETS -> "targets of " + Delivery.FILE;
                })
                .orElse("manifest " + delivery.manifestOf(target).orElse(target.path()));
    }
}
