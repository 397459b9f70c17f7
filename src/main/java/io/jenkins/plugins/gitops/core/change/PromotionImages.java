package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Determines the images that a promotion writes, and rejects those that cannot be copied. */
final class PromotionImages {
    private static final String REMEDY =
            "Set its image with gitopsSetImage first, with create: true where it has no entry";

    private final FileTree sourceTree;
    private final FileTree tree;
    private final Target source;
    private final Target destination;
    private final ImageCorrespondence correspondence;

    /**
     * @param sourceTree files of the source
     * @param tree files of the destination
     * @param delivery of the destination
     */
    PromotionImages(FileTree sourceTree, FileTree tree, Delivery delivery, Target source, Target destination)
            throws UserErrorException, IOException {
        this.sourceTree = sourceTree;
        this.tree = tree;
        this.source = source;
        this.destination = destination;
        this.correspondence = ImageCorrespondence.of(sourceTree, tree, delivery, source, destination);
    }

    /** @param names of the requested images; empty for all */
    List<PromotedImage> promoted(List<String> names) throws UserErrorException, IOException {
        Map<String, SourceLocation> unset = TargetImages.unset(sourceTree, source);
        requireSet(unset, names);
        List<ImageEntry> entries = names.isEmpty() ? correspondence.sources() : selected(names, unset);
        List<PromotedImage> promoted = new ArrayList<>();
        Map<String, PromotedImage> byName = new HashMap<>();
        for (ImageEntry entry : entries) {
            Optional<ImageEntry> there = correspondence.destination(entry);
            if (there.isEmpty()) {
                throw noEntry(entry, free(unset.keySet()));
            }
            PromotedImage image = PromotedImage.of(
                    entry.image(), there.get().image(), there.get().image().name());
            PromotedImage other = byName.putIfAbsent(image.result().name(), image);
            if (other != null && !other.result().equals(image.result())) {
                throw new UserErrorException(
                        entry.location(),
                        other.source() + " and " + image.source() + " of " + source.id() + " would both be "
                                + image.result().name() + " in " + destination.id(),
                        "Promote one of them with image, or correct registries and rename of "
                                + destination.environment() + " in " + Delivery.FILE);
            }
            if (other == null) {
                promoted.add(image);
            }
        }
        return promoted;
    }

    private List<ImageEntry> selected(List<String> names, Map<String, SourceLocation> unset) throws UserErrorException {
        List<ImageEntry> selected = new ArrayList<>();
        for (String name : names) {
            List<ImageEntry> found = correspondence.sources().stream()
                    .filter(entry -> isCalled(entry, name))
                    .toList();
            if (found.isEmpty()) {
                throw ImageSelection.noSuchImage(source, name, correspondence.sources(), unset.get(name));
            }
            selected.addAll(found);
        }
        return selected;
    }

    private boolean isCalled(ImageEntry entry, String name) {
        return ImageSelection.isCalled(entry, name)
                || correspondence
                        .destination(entry)
                        .filter(there -> there.image().name().equals(name))
                        .isPresent();
    }

    /**
     * Rejects images that the source leaves to the defaults of a chart or to its manifests: they cannot be copied, and
     * would otherwise be skipped silently.
     */
    private void requireSet(Map<String, SourceLocation> unset, List<String> names)
            throws UserErrorException, IOException {
        if (!names.isEmpty()) {
            return;
        }
        boolean none = correspondence.sources().isEmpty();
        if (none && unset.isEmpty()) {
            throw new UserErrorException(
                    SourceLocation.of(TargetImages.imageFile(sourceTree, source)),
                    source.id() + " sets no image here, so there is nothing to promote to " + destination.id(),
                    REMEDY);
        }
        for (ImageEntry entry : correspondence.destinations()) {
            SourceLocation place = unset.get(entry.key());
            if (place != null) {
                throw new UserErrorException(
                        place,
                        source.id() + " sets no tag of image " + entry.key() + " here, and " + destination.id()
                                + " sets " + entry.image(),
                        REMEDY);
            }
        }
        if (none) {
            throw new UserErrorException(
                    unset.values().iterator().next(),
                    source.id() + " sets no tag of an image here, so there is nothing to promote to "
                            + destination.id(),
                    REMEDY);
        }
    }

    private UserErrorException noEntry(ImageEntry entry, List<String> others) throws UserErrorException, IOException {
        SourceLocation place = SourceLocation.of(TargetImages.imageFile(tree, destination));
        String name = entry.image().name();
        Optional<String> mapped = correspondence.mappedName(entry);
        if (mapped.isPresent()) {
            return new UserErrorException(
                    place,
                    destination.id() + " has no entry for image " + mapped.get() + ", which is what " + name + " of "
                            + source.id() + " is called there by " + Delivery.FILE,
                    "Add the entry in Git, or correct registries and rename of " + destination.environment());
        }
        return new UserErrorException(
                place,
                destination.id() + " has no entry for image " + name + " of " + source.id()
                        + (others.isEmpty() ? "" : "; it has " + NameList.list(others)),
                "Add the entry in Git, then promote again" + mappingExample(name, others));
    }

    /** Names in the destination that correspond to no image of the source. */
    private List<String> free(Set<String> unset) {
        List<ImageEntry> taken = correspondence.sources().stream()
                .flatMap(entry -> correspondence.destination(entry).stream())
                .toList();
        return correspondence.destinations().stream()
                .filter(entry -> !taken.contains(entry) && !unset.contains(entry.key()))
                .map(entry -> entry.image().name())
                .distinct()
                .toList();
    }

    /** Example lines for {@code gitops.yaml}, in case the image has another name in the destination. */
    private String mappingExample(String name, List<String> others) {
        if (others.isEmpty()) {
            return "";
        }
        String last = ImageCorrespondence.lastComponent(name);
        String other = others.stream()
                .filter(one -> ImageCorrespondence.lastComponent(one).equals(last))
                .findFirst()
                .orElse(others.get(0));
        return "; or, if " + other + " is the same image, write in " + Delivery.FILE + " under environments: {name: "
                + destination.environment() + ", " + mapping(name, other) + "}";
    }

    /** The shortest mapping: without the trailing components that both names have in common. */
    private static String mapping(String from, String to) {
        String there = from;
        String here = to;
        while (there.indexOf('/') > 0
                && here.indexOf('/') > 0
                && ImageCorrespondence.lastComponent(there).equals(ImageCorrespondence.lastComponent(here))) {
            there = there.substring(0, there.lastIndexOf('/'));
            here = here.substring(0, here.lastIndexOf('/'));
        }
        return there.equals(from) ? "rename: {" + from + ": " + to + "}" : "registries: {" + there + ": " + here + "}";
    }
}
