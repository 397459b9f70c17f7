package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
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
 * A file of the config repository that sets images. Its {@link ImageFileKind} is determined by its content. Edits
 * change only the bytes of the value; setting the same value again changes nothing. No I/O.
 */
public final class ImageFile {
    /** Images in Helm values are detected, without configured paths. */
    public static final List<String> DEFAULT_PATHS = List.of();

    private static final ImageSearch USUAL = ImageSearch.at(DEFAULT_PATHS);

    /** A file with more images is rejected; no real target has that many. */
    public static final int MAX_IMAGES = 1_000;

    /**
     * Maximum number of occurrences of one image that are set together, since each takes at least one parse of the
     * whole file.
     */
    private static final int MAX_PLACES = 100;

    /** Maximum number of edits of one occurrence; name, tag and digest, set or removed, take fewer. */
    private static final int MAX_STEPS = 10;

    private final String file;
    private final ImageSearch search;
    private final Map<String, String> names;

    private ImageFile(String file, ImageSearch search, Map<String, String> names) {
        this.file = file;
        this.search = search;
        this.names = Map.copyOf(names);
    }

    /**
     * @param file path for messages, relative to the repository's root
     * @param imagePaths paths of the mappings in Helm values with {@code repository}, {@code tag} and {@code digest};
     *     {@link #DEFAULT_PATHS} when none are configured
     */
    public static ImageFile of(String file, List<String> imagePaths) {
        return of(file, ImageSearch.at(imagePaths));
    }

    /** @param file path for messages, relative to the repository's root */
    public static ImageFile of(String file, ImageSearch search) {
        return new ImageFile(file, search, Map.of());
    }

    /**
     * The same file as an override of a chart's default values: an image path without {@code repository} takes it from
     * there.
     *
     * @param defaults content of the chart's {@code values.yaml}
     */
    public ImageFile withChartValues(String defaultsFile, byte[] defaults) throws UserErrorException {
        Map<String, String> known = search.rules().isEmpty()
                ? HelmValues.names(defaultsFile, defaults, search.paths())
                : new RuleImages(defaultsFile, defaults, search, Map.of()).namesByPath();
        return new ImageFile(file, search, known);
    }

    /** As {@link #present(byte[])} for a file without chart values. */
    public static boolean present(String file, byte[] content, List<String> imagePaths) throws UserErrorException {
        return of(file, imagePaths).present(content);
    }

    /**
     * Whether any document of the file is a Kubernetes object that sets images, or any line is marked.
     *
     * @throws UserErrorException when the file is not YAML
     */
    public static boolean hasContainers(String file, byte[] content) throws UserErrorException {
        ImageOccurrences places = ImageFileKind.occurrences(file, content, USUAL, Map.of());
        return (places instanceof ManifestImages || places instanceof MarkedImages)
                && !places.all().isEmpty();
    }

    /**
     * The error for a file in which no container's image can be set, because the images are variables.
     *
     * @return empty when no container's image is a variable
     * @throws UserErrorException when the file is not YAML
     */
    public static Optional<SubstitutedImageException> substituted(String file, byte[] content)
            throws UserErrorException {
        return ImageFileKind.occurrences(file, content, USUAL, Map.of()) instanceof ManifestImages manifests
                ? manifests.substituted("")
                : Optional.empty();
    }

    /** As {@link #read(byte[])} for a file without chart values. */
    public static List<ImageEntry> read(String file, byte[] content, List<String> imagePaths)
            throws UserErrorException {
        return of(file, imagePaths).read(content);
    }

    /** As {@link #set(byte[], List, boolean)} for a file without chart values; does not change names. */
    public static byte[] set(
            String file, byte[] content, List<String> imagePaths, List<ImageReference> images, boolean create)
            throws UserErrorException {
        List<ImageUpdateSpec> settings = new ArrayList<>();
        for (ImageReference image : images) {
            settings.add(ImageUpdateSpec.of(image));
        }
        return of(file, imagePaths).set(content, settings, create);
    }

    /**
     * Whether the file has an occurrence of an image.
     *
     * @throws UserErrorException when the file is not YAML, or its images do not have the structure that their readers
     *     require
     */
    public boolean present(byte[] content) throws UserErrorException {
        return !occurrences(content).all().isEmpty();
    }

    /**
     * The images that the file sets, in its order; each has a tag, a digest or both. Omits occurrences without either.
     * An image with several occurrences in a file with manifests is listed once.
     *
     * @throws UserErrorException as {@link #present(byte[])}
     */
    public List<ImageEntry> read(byte[] content) throws UserErrorException {
        ImageOccurrences places = occurrences(content);
        List<ImageEntry> entries = new ArrayList<>();
        Set<ImageReference> known = new LinkedHashSet<>();
        List<ImageOccurrence> all = places.all();
        refuseMoreThan(MAX_IMAGES, all, "images");
        for (ImageOccurrence place : all) {
            ImageReference image = place.image();
            if (image != null && (known.add(image) || place.isExclusive())) {
                image.checkLengths(place.location());
                entries.add(new ImageEntry(image, place.location(), place.key(), place.isNamed()));
            }
        }
        return List.copyOf(entries);
    }

    /**
     * Where the file lists an image but sets neither tag nor digest, by {@link ImageEntry#key}; its version is set
     * elsewhere.
     *
     * @throws UserErrorException as {@link #present(byte[])}
     */
    public Map<String, SourceLocation> unset(byte[] content) throws UserErrorException {
        Map<String, SourceLocation> unset = new LinkedHashMap<>();
        for (ImageOccurrence place : occurrences(content).all()) {
            if (place.image() == null) {
                unset.put(place.key(), place.location());
            }
        }
        return unset;
    }

    /**
     * An occurrence of an image in a file.
     *
     * @param image null where the occurrence sets neither tag nor digest
     */
    public record FoundImage(
            SourceLocation location, @CheckForNull ImageReference image) {}

    /**
     * The occurrence of an image; the first one if several have the same value.
     *
     * @throws UserErrorException as {@link #set(byte[], List, boolean)} if the occurrences have different values
     */
    public Optional<FoundImage> find(byte[] content, ImageUpdateSpec setting) throws UserErrorException {
        ImageOccurrences places = occurrences(content);
        List<Integer> found = named(places, setting);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(places.all().get(found.get(0)))
                        .map(place -> new FoundImage(place.location(), place.image()));
    }

    /**
     * Sets images, all or none. Setting only a tag removes an existing digest, and vice versa. If an image occurs
     * several times in a file with the same value (in a main and an init container, for example), all occurrences are
     * set, since they are the same image for the caller; different values are rejected, as are two entries of one list.
     *
     * @param content not modified
     * @param create whether to add an image that does not occur
     * @throws UserErrorException when an image does not occur or is ambiguous, its value is an alias, a merge key or a
     *     variable, or it is written in a way that cannot be edited without changing other bytes
     */
    public byte[] set(byte[] content, List<ImageUpdateSpec> settings, boolean create) throws UserErrorException {
        Set<String> names = new LinkedHashSet<>();
        byte[] current = content.clone();
        for (ImageUpdateSpec setting : settings) {
            if (!names.add(setting.called())) {
                throw new UserErrorException("Image " + setting.called() + " is requested twice", "List it once");
            }
            current = set(current, setting, create);
        }
        return current;
    }

    /**
     * Removes images that {@link #set} had added: exactly the bytes that it wrote. Keeps all other edits since.
     *
     * @param before the content without them
     * @param added the images with their current values
     * @throws UserErrorException when these bytes cannot be determined with certainty
     */
    public byte[] remove(byte[] content, byte[] before, List<ImageUpdateSpec> added) throws UserErrorException {
        Splice addition = Splice.between(before, set(before, added, true));
        List<byte[]> found = new ArrayList<>();
        for (byte[] candidate : addition.candidatesWithout(content)) {
            if (isAdditionTo(candidate, added, content)) {
                found.add(candidate);
            }
        }
        if (found.size() != 1) {
            String called = added.stream().map(ImageUpdateSpec::called).collect(Collectors.joining(", "));
            throw new UserErrorException(
                    SourceLocation.of(file),
                    "The entry of image " + called + ", which was added here, has been edited since, so it cannot be"
                            + " removed safely",
                    "Remove it in Git");
        }
        return found.get(0);
    }

    private boolean isAdditionTo(byte[] candidate, List<ImageUpdateSpec> added, byte[] content) {
        try {
            List<ImageOccurrence> places = occurrences(candidate).all();
            boolean isThere = added.stream()
                    .anyMatch(setting -> places.stream().anyMatch(p -> p.image() != null && means(setting, p)));
            return !isThere && Arrays.equals(set(candidate, added, true), content);
        } catch (UserErrorException e) {
            return false;
        }
    }

    private byte[] set(byte[] content, ImageUpdateSpec setting, boolean create) throws UserErrorException {
        ImageOccurrences places = occurrences(content);
        List<Integer> found = matching(places, setting);
        if (!found.isEmpty()) {
            return edit(content, places, found, setting);
        }
        if (!create) {
            throw places.noSuchImage(setting.called());
        }
        byte[] added = places.add(setting);
        ImageOccurrences now = occurrences(added);
        List<Integer> there = matching(now, setting);
        if (there.size() != 1) {
            throw uncertain(setting);
        }
        return edit(added, now, there, setting);
    }

    private byte[] edit(byte[] content, ImageOccurrences parsed, List<Integer> found, ImageUpdateSpec setting)
            throws UserErrorException {
        byte[] current = content;
        ImageOccurrences places = parsed;
        for (int at : found) {
            refuseVariable(occurrence(places, at, setting), setting);
            Optional<byte[]> next = occurrence(places, at, setting).nextEdit(setting, nodes(places, found));
            for (int steps = 0; next.isPresent(); steps++) {
                if (steps == MAX_STEPS) {
                    throw uncertain(setting);
                }
                current = next.get();
                places = occurrences(current);
                next = occurrence(places, at, setting).nextEdit(setting, nodes(places, found));
            }
        }
        return current;
    }

    /**
     * The nodes that may change: those on the paths to the occurrences that are set, and to others of the same image.
     */
    private static Set<YamlNode> nodes(ImageOccurrences places, List<Integer> found) throws UserErrorException {
        List<ImageOccurrence> all = places.all();
        Set<YamlNode> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<String> names = new LinkedHashSet<>();
        for (int at : found) {
            if (at < all.size()) {
                nodes.addAll(all.get(at).nodes());
                names.add(all.get(at).name());
            }
        }
        for (ImageOccurrence other : places.everywhere()) {
            if (other.isNamed() && names.contains(other.name())) {
                nodes.addAll(other.nodes());
            }
        }
        return nodes;
    }

    private static void refuseVariable(ImageOccurrence place, ImageUpdateSpec setting) throws UserErrorException {
        String variable = ImageVariables.overwritten(place.image(), setting);
        if (variable != null) {
            throw new SubstitutedImageException(place.location(), setting.called(), variable);
        }
    }

    private ImageOccurrence occurrence(ImageOccurrences places, int at, ImageUpdateSpec setting)
            throws UserErrorException {
        List<ImageOccurrence> all = places.all();
        if (at >= all.size()) {
            throw uncertain(setting);
        }
        return all.get(at);
    }

    /** Indexes of the occurrences that the setting applies to. */
    private static List<Integer> matching(ImageOccurrences places, ImageUpdateSpec setting) throws UserErrorException {
        List<Integer> found = named(places, setting);
        List<ImageOccurrence> all = places.all();
        // If the only image has no name in the file, the requested name is taken as its name.
        boolean only = found.isEmpty() && all.size() == 1 && !all.get(0).isNamed();
        return only ? List.of(0) : found;
    }

    private static List<Integer> named(ImageOccurrences places, ImageUpdateSpec setting) throws UserErrorException {
        List<ImageOccurrence> all = places.all();
        List<Integer> found = IntStream.range(0, all.size())
                .filter(at -> means(setting, all.get(at)))
                .boxed()
                .toList();
        if (found.size() < 2) {
            return found;
        }
        refuseMoreThan(MAX_PLACES, found.stream().map(all::get).toList(), "places of image " + setting.called());
        ImageOccurrence first = all.get(found.get(0));
        for (int at : found.subList(1, found.size())) {
            ImageOccurrence other = all.get(at);
            boolean exclusive = first.isExclusive() && other.isExclusive();
            if (exclusive || !Objects.equals(first.image(), other.image())) {
                throw new UserErrorException(
                        other.location(),
                        "There is a second entry for image " + setting.called() + ", after line "
                                + first.location().line(),
                        exclusive ? "Remove one of the two in Git first" : "Give both the same value in Git first");
            }
        }
        return found;
    }

    private static void refuseMoreThan(int most, List<ImageOccurrence> places, String what) throws UserErrorException {
        if (places.size() > most) {
            throw new UserErrorException(
                    places.get(most).location(),
                    "This file has " + places.size() + " " + what + ", and no more than " + most + " are read",
                    "Split the file in Git first");
        }
    }

    /**
     * As in kustomize, a setting with a new name applies to the entry with the manifests' name; otherwise both names
     * match.
     */
    private static boolean means(ImageUpdateSpec setting, ImageOccurrence place) {
        return setting.newName() == null
                ? place.hasName(setting.called())
                : place.key().equals(setting.called());
    }

    private ImageOccurrences occurrences(byte[] content) throws UserErrorException {
        return ImageFileKind.occurrences(file, content, search, names);
    }

    private UserErrorException uncertain(ImageUpdateSpec setting) {
        return new UserErrorException(
                SourceLocation.of(file),
                "Cannot determine where to set image " + setting.called(),
                "Write the entry in Git first");
    }
}
