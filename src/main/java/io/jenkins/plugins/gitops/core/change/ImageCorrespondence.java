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
 * Which image of one target is which of another one, where environments pull from different registries: the one whose name
 * {@code registries} or {@code rename} of the environment gives; else the one of the same name; else the one with the same key,
 * which is the name in the manifests, or a path of keys. A path says where an image is and not what it is, so there the last
 * component of both names has to be the same, too, where both are known.
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

    /** As the files of one revision have both targets. */
    static ImageCorrespondence of(FileTree tree, Delivery delivery, Target source, Target destination)
            throws UserErrorException, IOException {
        return new ImageCorrespondence(
                TargetImages.entries(tree, source),
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

    /** The name that the environment of the destination gives an image of the source; empty when it gives none. */
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

    /** By name in the destination: the name in the source, for all images that correspond. */
    Map<String, String> sourceNames() {
        Map<String, String> byDestination = new HashMap<>();
        for (ImageEntry source : sources) {
            destination(source)
                    .ifPresent(entry -> byDestination.putIfAbsent(
                            entry.image().name(), source.image().name()));
        }
        return byDestination;
    }

    /** Of several, one with the same key comes first. */
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
