package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.ImageNameMapping;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Matches the images of two targets, whose environments may pull from different registries. An image corresponds to the
 * one with the name that {@code registries} or {@code rename} of the environment maps it to; else to the one with the
 * same name; else to the one with the same key, which is the name in the manifests, or a path of keys. A path says
 * where an image is and not what it is, so for a path the last component of both names must also be the same where both
 * are known.
 */
final class ImageCorrespondence {
    private final List<ImageEntry> sources;
    private final List<ImageEntry> destinations;
    private final ImageNameMapping names;
    private final Set<String> paths = new HashSet<>();

    private ImageCorrespondence(
            List<ImageEntry> sources, List<ImageEntry> destinations, ImageNameMapping names, Target... targets) {
        this.sources = sources;
        this.destinations = destinations;
        this.names = names;
        paths.add("image");
        for (Target target : targets) {
            paths.addAll(target.imagePaths());
            for (ImageRule rule : target.images()) {
                paths.addAll(rule.tag());
                paths.addAll(rule.image());
            }
        }
    }

    /**
     * Reads the images of both targets.
     *
     * @param sourceTree files of the source
     * @param tree files of the destination
     * @param delivery of the destination
     */
    static ImageCorrespondence of(
            FileTree sourceTree, FileTree tree, Delivery delivery, Target source, Target destination)
            throws UserErrorException, IOException {
        return new ImageCorrespondence(
                TargetImages.entries(sourceTree, source),
                TargetImages.entries(tree, destination),
                delivery.environment(destination.environment()).imageNames(),
                source,
                destination);
    }

    List<ImageEntry> sources() {
        return sources;
    }

    List<ImageEntry> destinations() {
        return destinations;
    }

    /** The name that the destination's environment maps an image of the source to; empty when there is no mapping. */
    Optional<String> mappedName(ImageEntry source) {
        return names.map(source.image().name());
    }

    /** The entry of the destination for an image of the source. */
    Optional<ImageEntry> destination(ImageEntry source) {
        String name = source.image().name();
        Optional<String> mapped = mappedName(source);
        if (mapped.isPresent()) {
            return first(entry -> entry.image().name().equals(mapped.get()), source);
        }
        return first(entry -> entry.image().name().equals(name), source)
                .or(() -> first(entry -> isSameByKey(source, entry), source));
    }

    /** For all corresponding images: the name in the source, by the name in the destination. */
    Map<String, String> sourceNames() {
        Map<String, String> byDestination = new HashMap<>();
        for (ImageEntry source : sources) {
            destination(source)
                    .ifPresent(entry -> byDestination.putIfAbsent(
                            entry.image().name(), source.image().name()));
        }
        return byDestination;
    }

    /** The first match; prefers one with the same key. */
    private Optional<ImageEntry> first(Predicate<ImageEntry> matches, ImageEntry source) {
        List<ImageEntry> found = destinations.stream().filter(matches).toList();
        return found.stream()
                .filter(entry -> entry.key().equals(source.key()))
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    private boolean isSameByKey(ImageEntry source, ImageEntry destination) {
        return source.key().equals(destination.key())
                && (!isPath(source.key())
                        || !source.named()
                        || !destination.named()
                        || lastComponent(source.image().name())
                                .equals(lastComponent(destination.image().name())));
    }

    private boolean isPath(String key) {
        return paths.contains(key) || !key.contains("/") && (key.contains(".") || key.contains("["));
    }

    static String lastComponent(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
