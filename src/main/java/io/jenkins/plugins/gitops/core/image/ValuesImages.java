package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.KeyPath;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the images in Helm values, in a values file or inside another file. If no paths are configured, {@code image}
 * is the image, together with all others of the same name; if there is no {@code image}, all images in the values are
 * found.
 */
final class ValuesImages {
    /** The conventional path. */
    static final String IMAGE = "image";

    private static final String MERGE = "<<";

    private final YamlPath root;
    private final List<String> paths;
    private final Map<String, String> names;

    /**
     * @param paths empty for detection
     * @param names from the default values that these override, by path
     */
    ValuesImages(YamlPath root, List<String> paths, Map<String, String> names) {
        this.root = root;
        this.paths = paths;
        this.names = names;
    }

    List<ImageOccurrence> all() throws UserErrorException {
        if (!paths.isEmpty()) {
            return at(paths);
        }
        List<ImageOccurrence> usual = at(List.of(IMAGE));
        Map<String, ImageOccurrence> found = new LinkedHashMap<>();
        for (ImageOccurrence place : usual) {
            found.put(place.key(), place);
        }
        collect(root, "", found);
        for (ImageOccurrence place : at(names.keySet().stream().sorted().toList())) {
            found.putIfAbsent(place.key(), place);
        }
        ImageOccurrence main = usual.isEmpty() ? null : usual.get(0);
        return found.values().stream()
                .filter(place -> main == null || place == main || isSameImage(main, place))
                .toList();
    }

    private static boolean isSameImage(ImageOccurrence main, ImageOccurrence other) {
        return main.isNamed() && other.isNamed() && other.name().equals(main.name());
    }

    private List<ImageOccurrence> at(List<String> where) throws UserErrorException {
        List<ImageOccurrence> places = new ArrayList<>();
        for (String path : where) {
            at(root, path, names.get(path)).ifPresent(places::add);
        }
        return places;
    }

    /**
     * The occurrence at one path of values; empty when there is none.
     *
     * @param chartName the name in the chart's default values; null when unknown
     */
    static Optional<ImageOccurrence> at(YamlPath values, String path, @CheckForNull String chartName)
            throws UserErrorException {
        KeyPath keys = KeyPath.parse(null, path);
        YamlPath at = keys.find(values).orElse(null);
        if (at == null) {
            return Optional.empty();
        }
        if (at.node() instanceof Mapping) {
            return HelmImageOccurrence.of(new HelmMapping(at, path), path, chartName);
        }
        if (!isTag(keys.lastKey())) {
            Optional<ImageOccurrence> whole = ScalarImageOccurrence.helm(at, path);
            YamlPath parent = keys.findParent(values).orElse(at);
            return whole.isPresent() || !isImage(parent)
                    ? whole
                    : HelmImageOccurrence.of(new HelmMapping(parent, path), path, chartName);
        }
        PlacedFields fields = new PlacedFields(path).with(HelmImageOccurrence.TAG, Optional.of(new ScalarValue(at)));
        fields.with(HelmImageOccurrence.REPOSITORY, name(keys, values));
        return HelmImageOccurrence.of(fields, path, chartName);
    }

    /** Whether the value of a key with this name is a tag and not an image. */
    private static boolean isTag(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return name.endsWith("tag") || name.endsWith("version");
    }

    /** The image's name next to its tag. */
    static Optional<ScalarValue> name(KeyPath tag, YamlPath root) throws UserErrorException {
        YamlPath parent = tag.findParent(root).orElse(null);
        return parent == null
                ? Optional.empty()
                : new HelmMapping(parent, tag.toString()).value(HelmImageOccurrence.REPOSITORY);
    }

    /**
     * Collects all images below a node: mappings with a repository and a tag or digest, and whole images at
     * {@code image}.
     */
    private void collect(YamlPath node, String path, Map<String, ImageOccurrence> found) throws UserErrorException {
        if (found.size() > ImageFile.MAX_IMAGES) {
            return;
        }
        int at = 0;
        for (YamlPath item : node.items()) {
            collect(item, path + "[" + at++ + "]", found);
        }
        if (!(node.node() instanceof Mapping mapping)) {
            return;
        }
        if (isImage(node)) {
            String key = path.isEmpty() ? IMAGE : path;
            add(HelmImageOccurrence.of(new HelmMapping(node, key), key, names.get(key)), found);
        }
        for (KeyValue entry : mapping.entries()) {
            String key = entry.name();
            if (key == null || key.isEmpty() || key.equals(MERGE)) {
                continue;
            }
            YamlPath value = node.key(key).orElseThrow();
            String below = (path.isEmpty() ? "" : path + ".") + KeyPath.escape(key);
            if (!key.equals(IMAGE)) {
                collect(value, below, found);
            } else if (value.node() instanceof Mapping) {
                add(HelmImageOccurrence.of(new HelmMapping(value, below), below, names.get(below)), found);
            } else {
                add(ScalarImageOccurrence.helm(value, below), found);
            }
        }
    }

    /** Ignores images without a name, since any mapping may have a tag. */
    private static void add(Optional<ImageOccurrence> place, Map<String, ImageOccurrence> found) {
        place.filter(ImageOccurrence::isNamed).ifPresent(one -> found.putIfAbsent(one.key(), one));
    }

    private static boolean isImage(YamlPath node) {
        HelmMapping fields = new HelmMapping(node, "");
        boolean named = fields.value(HelmImageOccurrence.REPOSITORY)
                .flatMap(name -> ImageString.parse(name.text(), false))
                .filter(name -> name.image() == null)
                .isPresent();
        boolean versioned = fields.value(HelmImageOccurrence.TAG).isPresent()
                || fields.value(HelmImageOccurrence.DIGEST).isPresent();
        return named && versioned;
    }

    /** The names of the images in these values, by path; omits paths without a name. */
    Map<String, String> namesByPath() throws UserErrorException {
        Map<String, String> known = new LinkedHashMap<>();
        for (ImageOccurrence place : all()) {
            if (place.isNamed()) {
                known.put(place.key(), place.name());
            }
        }
        return known;
    }
}
