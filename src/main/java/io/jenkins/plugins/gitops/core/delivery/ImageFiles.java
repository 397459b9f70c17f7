package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.image.ImageEntry;
import io.jenkins.plugins.gitops.core.image.ImageFile;
import io.jenkins.plugins.gitops.core.image.ImageUpdateSpec;
import io.jenkins.plugins.gitops.core.image.NameList;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The files that set the images of one target, read and edited as a unit: an image in several of them is one image. */
final class ImageFiles {
    private final List<ImageSource> sources;

    /** @param sources at least one; new images are added to the first */
    ImageFiles(List<ImageSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** The effective images, without duplicates. */
    List<ImageEntry> entries() throws UserErrorException, IOException {
        if (sources.size() == 1) {
            return sources.get(0).inEffect().images();
        }
        List<ImageEntry> entries = new ArrayList<>();
        Set<ImageReference> known = new HashSet<>();
        for (ImageSource source : sources) {
            for (ImageEntry entry : source.inEffect().images()) {
                if (known.add(entry.image())) {
                    entries.add(entry);
                }
            }
        }
        return List.copyOf(entries);
    }

    /** The images whose tag and digest are set elsewhere, by {@link ImageEntry#key}. */
    Map<String, SourceLocation> unset() throws UserErrorException, IOException {
        Map<String, SourceLocation> unset = new LinkedHashMap<>();
        for (ImageSource source : sources) {
            ImageSource inEffect = source.inEffect();
            inEffect.open().unset(inEffect.file().content()).forEach(unset::putIfAbsent);
        }
        return unset;
    }

    /**
     * The changed files by path, all or none.
     *
     * @param create whether to add an image that no file sets to the first one
     * @throws UserErrorException as {@link ImageFile#set(byte[], List, boolean)}, or when two files set the image to
     *     different values
     */
    Map<String, byte[]> set(List<ImageUpdateSpec> settings, boolean create) throws UserErrorException, IOException {
        return set(new LinkedHashMap<>(), settings, create);
    }

    /** @param contents of files that are already edited */
    Map<String, byte[]> set(Map<String, byte[]> contents, List<ImageUpdateSpec> settings, boolean create)
            throws UserErrorException, IOException {
        Set<String> names = new LinkedHashSet<>();
        for (ImageUpdateSpec setting : settings) {
            if (!names.add(setting.called())) {
                throw new UserErrorException("Image " + setting.called() + " is requested twice", "List it once");
            }
            for (ImageSource source : holding(contents, setting, create)) {
                byte[] edited = source.open().set(content(contents, source), List.of(setting), create);
                contents.put(source.file().name(), edited);
            }
        }
        if (contents.isEmpty()) {
            contents.put(sources.get(0).file().name(), sources.get(0).file().content());
        }
        return contents;
    }

    /** The files without images that were added. */
    Map<String, byte[]> remove(List<ImageUpdateSpec> added, TargetImages.FileContents before)
            throws UserErrorException, IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (ImageSource source : sources) {
            List<ImageUpdateSpec> here = new ArrayList<>();
            for (ImageUpdateSpec image : added) {
                if (source.open().find(source.file().content(), image).isPresent()) {
                    here.add(image);
                }
            }
            if (!here.isEmpty()) {
                String name = source.file().name();
                contents.put(name, source.open().remove(source.file().content(), before.of(name), here));
            }
        }
        return contents;
    }

    private static byte[] content(Map<String, byte[]> contents, ImageSource source)
            throws UserErrorException, IOException {
        byte[] edited = contents.get(source.file().name());
        return edited == null ? source.file().content() : edited;
    }

    /** The files that set an image, or the one to add it to. */
    private List<ImageSource> holding(Map<String, byte[]> contents, ImageUpdateSpec setting, boolean create)
            throws UserErrorException, IOException {
        if (sources.size() == 1) {
            ImageSource only = sources.get(0);
            boolean missing = only.open().find(content(contents, only), setting).isEmpty();
            if (missing && !create && only.inEffect() != only) {
                throw inEffectElsewhere(only, setting);
            }
            return sources;
        }
        List<ImageSource> found = new ArrayList<>();
        ImageFile.FoundImage first = null;
        for (ImageSource source : sources) {
            ImageFile.FoundImage place =
                    source.open().find(content(contents, source), setting).orElse(null);
            if (place == null) {
                continue;
            }
            if (first != null && !Objects.equals(first.image(), place.image())) {
                throw new UserErrorException(
                        place.location(),
                        "Image " + setting.called() + " has another value here than in " + first.location(),
                        "Give both the same value in Git first");
            }
            first = first == null ? place : first;
            found.add(source);
        }
        return found.isEmpty() ? withoutName(setting, create) : found;
    }

    /** If the only image has no name in the files, the requested name is taken as its name. */
    private List<ImageSource> withoutName(ImageUpdateSpec setting, boolean create)
            throws UserErrorException, IOException {
        List<ImageEntry> entries = entries();
        if (entries.size() == 1 && !entries.get(0).named()) {
            return sources;
        }
        if (create) {
            return sources.subList(0, 1);
        }
        List<String> names = entries.stream().map(entry -> entry.image().name()).toList();
        throw new UserErrorException(
                SourceLocation.of(sources.get(0).file().name()),
                "There is no image " + setting.called() + " here or in the other files of the target",
                names.isEmpty()
                        ? "Write it in Git first"
                        : "Use one of " + NameList.list(names) + ", or write the image in Git first");
    }

    private static UserErrorException inEffectElsewhere(ImageSource source, ImageUpdateSpec setting)
            throws UserErrorException, IOException {
        ImageSource inEffect = source.inEffect();
        return new UserErrorException(
                SourceLocation.of(source.file().name()),
                "No image is set here, so " + setting.called() + " would have to be set in "
                        + inEffect.file().name() + ", which is for other environments, too",
                "Add it here with create: true");
    }
}
