package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.KeyPath;
import io.jenkins.plugins.gitops.core.yaml.YamlInsertion;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The images at the given paths of a Helm values file, or of values inside another file. */
final class HelmValues implements ImageOccurrences {
    private final YamlText text;
    /** The values; null when the file is empty. */
    @CheckForNull
    private final YamlPath root;

    private final String file;
    private final List<String> paths;
    private final Map<String, String> names;

    /** @param names repositories from the chart's default values, by path */
    HelmValues(String file, YamlText text, List<String> paths, Map<String, String> names) {
        this.file = file;
        this.text = text;
        this.root = text.first().map(first -> YamlPath.of(text, first)).orElse(null);
        this.paths = paths;
        this.names = names;
    }

    /** The names of the images in a chart's default values, by path; omits paths without a name. */
    static Map<String, String> names(String file, byte[] content, List<String> paths) throws UserErrorException {
        HelmValues values = new HelmValues(file, YamlText.parse(file, content), paths, Map.of());
        return values.root == null ? Map.of() : values.images().namesByPath();
    }

    private ValuesImages images() {
        return new ValuesImages(root, paths, names);
    }

    /**
     * The keys of the path at which an image is added.
     *
     * @throws UserErrorException when the path leads to an item of a list
     */
    static List<String> newKeys(String path, SourceLocation location) throws UserErrorException {
        List<String> keys = KeyPath.parse(null, path).keys();
        if (keys.isEmpty()) {
            throw new UserErrorException(
                    location,
                    "An image cannot be added at " + path + ", which is an item of a list",
                    "Write the entry in Git first");
        }
        return keys;
    }

    /**
     * The only path without an image.
     *
     * @throws UserErrorException when there is none, or more than one
     */
    static String unusedPath(List<String> named, List<ImageOccurrence> taken, SourceLocation location)
            throws UserErrorException {
        List<String> paths = named.isEmpty() ? List.of(ValuesImages.IMAGE) : named;
        List<String> free = paths.stream()
                .filter(path -> taken.stream().noneMatch(place -> place.key().equals(path)))
                .toList();
        if (free.size() != 1) {
            throw new UserErrorException(
                    location,
                    free.isEmpty()
                            ? "Another image is set at " + NameList.list(paths)
                            : "A new image could be set at each of " + NameList.list(free),
                    free.isEmpty() ? "Name its path with imagePaths" : "Write its repository in Git first");
        }
        return free.get(0);
    }

    /** The mapping to insert for a new image. */
    static Map<String, Object> fields(ImageUpdateSpec setting) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(HelmImageOccurrence.REPOSITORY, setting.newName() == null ? setting.called() : setting.newName());
        if (setting.tag() != null) {
            fields.put("tag", setting.tag());
        }
        if (setting.digest() != null) {
            fields.put("digest", setting.digest());
        }
        return fields;
    }

    @Override
    public List<ImageOccurrence> all() throws UserErrorException {
        return root == null ? List.of() : images().all();
    }

    @Override
    public List<ImageOccurrence> everywhere() throws UserErrorException {
        return root == null || paths.isEmpty() ? all() : new ValuesImages(root, List.of(), names).all();
    }

    @Override
    public byte[] add(ImageUpdateSpec setting) throws UserErrorException {
        if (!TextKind.hasKeys(file, text)) {
            throw new UserErrorException(
                    SourceLocation.of(file),
                    "This is not a file of Helm values, so image " + setting.called() + " cannot be added",
                    "Write the value in Git first, and name it below images in gitops.yaml");
        }
        String path = unusedPath(paths, all(), SourceLocation.of(file));
        Map<String, Object> fields = fields(setting);
        if (setting.called().equals(names.get(path)) && setting.newName() == null) {
            fields.remove(HelmImageOccurrence.REPOSITORY);
        }
        return YamlInsertion.into(text).put(root, newKeys(path, SourceLocation.of(file)), fields, path);
    }

    @Override
    public UserErrorException noSuchImage(String called) throws UserErrorException {
        List<String> known = all().stream().map(ImageOccurrence::displayName).toList();
        String paths = String.join(", ", this.paths.isEmpty() ? List.of(ValuesImages.IMAGE) : this.paths);
        return known.isEmpty()
                ? new UserErrorException(
                        SourceLocation.of(file),
                        "There is no image at " + paths + " here, so nothing to set for image " + called,
                        "Add it with create: true, or name its path with imagePaths")
                : new UserErrorException(
                        SourceLocation.of(file),
                        "There is no image " + called + " at " + paths + " here",
                        "Use one of " + NameList.list(known) + ", or name its path with imagePaths");
    }
}
