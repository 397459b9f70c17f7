package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A file of the config repository that sets images. Its {@link ImageFileKind} is told by what it holds. Edits change the
 * bytes of the value and no others; the same value gives the same bytes. No I/O.
 */
public final class ImageFile {
    /** Where Helm values hold their image unless something else is said. */
    public static final List<String> DEFAULT_PATHS = List.of("image");

    /** More images than any target has; a file with more is not read. */
    public static final int MAX_IMAGES = 1_000;

    /** Places at which one image is set together; each costs a parse or more of the whole file. */
    private static final int MAX_PLACES = 100;

    /** More edits than any setting needs at one place: name, tag and digest, written or taken away. */
    private static final int MAX_STEPS = 10;

    private final String file;
    private final List<String> paths;
    private final Map<String, String> names;

    private ImageFile(String file, List<String> paths, Map<String, String> names) {
        this.file = file;
        this.paths = List.copyOf(paths);
        this.names = Map.copyOf(names);
    }

    /**
     * @param file path for messages, relative to the repository's root
     * @param imagePaths dotted paths of the mappings in Helm values that hold {@code repository}, {@code tag} and {@code
     *     digest}; {@link #DEFAULT_PATHS} when nothing is said
     */
    public static ImageFile of(String file, List<String> imagePaths) {
        return new ImageFile(file, imagePaths, Map.of());
    }

    /**
     * The same file above the chart's own values: an image path without {@code repository} has the repository of those.
     *
     * @param defaults content of the {@code values.yaml} that this file's values are laid over
     */
    public ImageFile over(String defaultsFile, byte[] defaults) throws RefusedException {
        return new ImageFile(file, paths, HelmValues.repositories(defaultsFile, defaults, paths));
    }

    /** As {@link #present()} for a file that stands alone. */
    public static boolean present(String file, byte[] content, List<String> imagePaths) throws RefusedException {
        return of(file, imagePaths).present(content);
    }

    /**
     * Whether some document of the file is a workload whose containers have images.
     *
     * @throws RefusedException when the file is not YAML
     */
    public static boolean hasContainers(String file, byte[] content) throws RefusedException {
        return ImageFileKind.places(file, content, DEFAULT_PATHS, Map.of()) instanceof ManifestImages manifests
                && !manifests.all().isEmpty();
    }

    /**
     * Why none of the containers in a file can be set, where their images are variables.
     *
     * @return empty when no container's image is one
     * @throws RefusedException when the file is not YAML
     */
    public static Optional<SubstitutedImageException> substituted(String file, byte[] content) throws RefusedException {
        return ImageFileKind.places(file, content, DEFAULT_PATHS, Map.of()) instanceof ManifestImages manifests
                ? manifests.substituted("")
                : Optional.empty();
    }

    /**
     * Whether some document of the file is an Argo CD {@code Application}, whose spec sets the images.
     *
     * @throws RefusedException when the file is not YAML
     */
    public static boolean isApplication(String file, byte[] content) throws RefusedException {
        return ImageFileKind.places(file, content, DEFAULT_PATHS, Map.of()) instanceof ApplicationImages;
    }

    /** As {@link #read(byte[])} for a file that stands alone. */
    public static List<ImageEntry> read(String file, byte[] content, List<String> imagePaths) throws RefusedException {
        return of(file, imagePaths).read(content);
    }

    /** As {@link #set(byte[], List, boolean)} for a file that stands alone; names stay as they are. */
    public static byte[] set(
            String file, byte[] content, List<String> imagePaths, List<ImageReference> images, boolean create)
            throws RefusedException {
        List<ImageSetting> settings = new ArrayList<>();
        for (ImageReference image : images) {
            settings.add(ImageSetting.of(image));
        }
        return of(file, imagePaths).set(content, settings, create);
    }

    /**
     * Whether the file has a place for an image.
     *
     * @throws RefusedException when the file is not YAML, or its images are not what its readers take
     */
    public boolean present(byte[] content) throws RefusedException {
        return !places(content).all().isEmpty();
    }

    /**
     * The images that the file sets, in its order; each has a tag, a digest or both. Places without are left out. An image
     * that a file with manifests names several times is given once.
     *
     * @throws RefusedException as {@link #present(byte[])}
     */
    public List<ImageEntry> read(byte[] content) throws RefusedException {
        ImagePlaces places = places(content);
        List<ImageEntry> entries = new ArrayList<>();
        Set<List<Object>> known = new LinkedHashSet<>();
        List<ImagePlace> all = places.all();
        refuseMoreThan(MAX_IMAGES, all, "images");
        for (ImagePlace place : all) {
            ImageReference image = place.image();
            if (image != null && (known.add(List.of(place.key(), image)) || !places.repeat())) {
                image.checkLengths(place.location());
                entries.add(new ImageEntry(image, place.location(), place.key()));
            }
        }
        return List.copyOf(entries);
    }

    /**
     * Where the file names an image but sets neither tag nor digest, by {@link ImageEntry#key}: what runs there is said
     * elsewhere.
     *
     * @throws RefusedException as {@link #present(byte[])}
     */
    public Map<String, SourceLocation> unset(byte[] content) throws RefusedException {
        Map<String, SourceLocation> unset = new LinkedHashMap<>();
        for (ImagePlace place : places(content).all()) {
            if (place.image() == null) {
                unset.put(place.key(), place.location());
            }
        }
        return unset;
    }

    /**
     * Sets images, all or none. A tag alone removes the digest that is there, a digest alone the tag. In files with
     * manifests, an image that several containers name with the same value (a main and an init container, say) is set in
     * all of them, since it is one image to whoever asks; with different values it is refused, as two entries are
     * everywhere else.
     *
     * @param content is left as it is
     * @param create whether an image that has no place gets one
     * @throws RefusedException when an image has no place or more than one, an alias, a merge key or a variable stands at its place,
     *     or it is written in a way that can't be edited without touching other bytes
     */
    public byte[] set(byte[] content, List<ImageSetting> settings, boolean create) throws RefusedException {
        Set<String> names = new LinkedHashSet<>();
        byte[] current = content.clone();
        for (ImageSetting setting : settings) {
            if (!names.add(setting.called())) {
                throw new RefusedException("Image " + setting.called() + " is asked for twice", "Name it once");
            }
            current = set(current, setting, create);
        }
        return current;
    }

    /**
     * Takes images out again that {@link #set} had added: exactly the bytes that it wrote. Whatever else was edited since stays.
     *
     * @param before what the file held without them
     * @param added as they are now
     * @throws RefusedException when it is not certain which bytes these are
     */
    public byte[] remove(byte[] content, byte[] before, List<ImageSetting> added) throws RefusedException {
        Splice addition = Splice.between(before, set(before, added, true));
        List<byte[]> found = new ArrayList<>();
        for (byte[] candidate : addition.undoneIn(content)) {
            if (isAdditionTo(candidate, added, content)) {
                found.add(candidate);
            }
        }
        if (found.size() != 1) {
            String called = added.stream().map(ImageSetting::called).collect(Collectors.joining(", "));
            throw new RefusedException(
                    SourceLocation.of(file),
                    "The entry of image " + called + ", which was added here, has been edited since, so it cannot be"
                            + " removed with certainty",
                    "Remove it in Git");
        }
        return found.get(0);
    }

    private boolean isAdditionTo(byte[] candidate, List<ImageSetting> added, byte[] content) {
        try {
            List<ImagePlace> places = places(candidate).all();
            boolean isThere = added.stream()
                    .anyMatch(setting -> places.stream().anyMatch(p -> p.image() != null && means(setting, p)));
            return !isThere && Arrays.equals(set(candidate, added, true), content);
        } catch (RefusedException e) {
            return false;
        }
    }

    private byte[] set(byte[] content, ImageSetting setting, boolean create) throws RefusedException {
        ImagePlaces places = places(content);
        List<Integer> found = matching(places, setting);
        if (!found.isEmpty()) {
            return edit(content, places, found, setting);
        }
        if (!create) {
            throw places.missing(setting.called());
        }
        byte[] added = places.add(setting);
        ImagePlaces now = places(added);
        List<Integer> there = matching(now, setting);
        if (there.size() != 1) {
            throw uncertain(setting);
        }
        return edit(added, now, there, setting);
    }

    private byte[] edit(byte[] content, ImagePlaces parsed, List<Integer> found, ImageSetting setting)
            throws RefusedException {
        byte[] current = content;
        ImagePlaces places = parsed;
        for (int at : found) {
            refuseVariable(place(places, at, setting), setting);
            Optional<byte[]> next = place(places, at, setting).step(setting);
            for (int steps = 0; next.isPresent(); steps++) {
                if (steps == MAX_STEPS) {
                    throw uncertain(setting);
                }
                current = next.get();
                places = places(current);
                next = place(places, at, setting).step(setting);
            }
        }
        return current;
    }

    private static void refuseVariable(ImagePlace place, ImageSetting setting) throws RefusedException {
        String variable = ImageVariables.overwritten(place.image(), setting);
        if (variable != null) {
            throw new SubstitutedImageException(place.location(), setting.called(), variable);
        }
    }

    private ImagePlace place(ImagePlaces places, int at, ImageSetting setting) throws RefusedException {
        List<ImagePlace> all = places.all();
        if (at >= all.size()) {
            throw uncertain(setting);
        }
        return all.get(at);
    }

    /** Positions of the places that the setting means. */
    private static List<Integer> matching(ImagePlaces places, ImageSetting setting) throws RefusedException {
        List<ImagePlace> all = places.all();
        List<Integer> found = IntStream.range(0, all.size())
                .filter(at -> means(setting, all.get(at)))
                .boxed()
                .toList();
        if (found.size() < 2) {
            return found;
        }
        if (places.repeat()) {
            refuseMoreThan(MAX_PLACES, found.stream().map(all::get).toList(), "places of image " + setting.called());
        }
        ImagePlace first = all.get(found.get(0));
        for (int at : found.subList(1, found.size())) {
            ImagePlace other = all.get(at);
            if (!places.repeat() || !Objects.equals(first.image(), other.image())) {
                throw new RefusedException(
                        other.location(),
                        "There is a second entry for image " + setting.called() + ", after line "
                                + first.location().line(),
                        places.repeat()
                                ? "Give both the same value in Git first"
                                : "Remove one of the two in Git first");
            }
        }
        return found;
    }

    private static void refuseMoreThan(int most, List<ImagePlace> places, String what) throws RefusedException {
        if (places.size() > most) {
            throw new RefusedException(
                    places.get(most).location(),
                    "This file has " + places.size() + " " + what + ", and no more than " + most + " are read",
                    "Split the file in Git first");
        }
    }

    /** A new name is for the entry that the manifests' name leads to, as in kustomize; else both names do. */
    private static boolean means(ImageSetting setting, ImagePlace place) {
        return setting.newName() == null
                ? place.isCalled(setting.called())
                : place.key().equals(setting.called());
    }

    private ImagePlaces places(byte[] content) throws RefusedException {
        return ImageFileKind.places(file, content, paths, names);
    }

    private RefusedException uncertain(ImageSetting setting) {
        return new RefusedException(
                SourceLocation.of(file),
                "There is no certain place for image " + setting.called(),
                "Write the entry in Git first");
    }
}
