package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.image.ImageOwner;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.KustomizeRenderer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An entry of a kustomization for an image that no manifest uses changes nothing in any cluster, and would be taken for a
 * success. So the target is rendered with its new entries.
 */
final class NewImageCheck {
    private static final Set<String> CONTAINERS = Set.of("containers", "initContainers");

    private final FileTree tree;
    private final Target target;

    NewImageCheck(FileTree tree, Target target) {
        this.tree = tree;
        this.target = target;
    }

    /**
     * @param files the new content of the target's files
     * @param images that had no entry before
     * @return what could not be checked, one sentence each
     * @throws UserErrorException when no manifest uses one of the images
     */
    List<String> requireUse(Map<String, byte[]> files, List<ImageReference> images)
            throws UserErrorException, IOException {
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!images.isEmpty() && ImageOwner.of(file.getKey(), file.getValue()) == ImageOwner.KUSTOMIZE) {
                check(file.getKey(), files, images).ifPresent(warnings::add);
            }
        }
        return List.copyOf(warnings);
    }

    private Optional<String> check(String file, Map<String, byte[]> files, List<ImageReference> images)
            throws UserErrorException, IOException {
        if (!target.contains(file)) {
            return Optional.of(unchecked(images, file + " is outside of " + target.path()));
        }
        List<Map<String, Object>> manifests;
        try {
            manifests = KustomizeRenderer.render(new EditedFileTree(tree, files), target.path())
                    .manifests();
        } catch (UserErrorException e) {
            return Optional.of(unchecked(images, e.getMessage()));
        }
        if (manifests.isEmpty()) {
            return Optional.of(unchecked(images, target.path() + " has no manifests"));
        }
        Set<String> used = new TreeSet<>();
        manifests.forEach(manifest -> collect(manifest, used));
        for (ImageReference image : images) {
            if (!used.contains(image.toString())) {
                throw unused(file, image, used);
            }
        }
        return Optional.empty();
    }

    private String unchecked(List<ImageReference> images, String why) {
        List<String> names = images.stream().map(ImageReference::name).toList();
        return "It could not be checked whether a manifest of " + target + " uses " + NameList.list(names) + ": " + why;
    }

    private UserErrorException unused(String file, ImageReference image, Set<String> used) {
        List<String> names = used.stream().map(NewImageCheck::name).toList();
        return new UserErrorException(
                SourceLocation.of(file),
                "No manifest of " + target + " uses image " + image.name()
                        + ", so an entry for it would change nothing",
                names.isEmpty()
                        ? "Add the workload in Git first"
                        : "Use one of " + NameList.list(names) + ", or add the workload in Git first");
    }

    private static String name(String image) {
        int digest = image.indexOf('@');
        String tagged = digest < 0 ? image : image.substring(0, digest);
        int tag = tagged.lastIndexOf(':');
        return tag > tagged.lastIndexOf('/') ? tagged.substring(0, tag) : tagged;
    }

    /** The images of containers and of image volumes, wherever kustomize looks for them. */
    private static void collect(Object value, Set<String> used) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> {
                if (CONTAINERS.contains(key) && item instanceof List<?> containers) {
                    containers.forEach(container -> add(container, "image", used));
                } else if (key.equals("image")) {
                    add(item, "reference", used);
                }
                collect(item, used);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(item -> collect(item, used));
        }
    }

    private static void add(Object holder, String key, Set<String> used) {
        if (holder instanceof Map<?, ?> map && map.get(key) instanceof String image) {
            used.add(image);
        }
    }
}
