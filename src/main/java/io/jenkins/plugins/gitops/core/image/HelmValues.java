package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlInsertion;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The image paths of a Helm values file, or of values inside another file. */
final class HelmValues implements ImageOccurrences {
    private final YamlText text;
    /** The values; null when the file is empty. */
    @CheckForNull
    private final YamlPath root;

    private final String file;
    private final List<String> paths;
    private final Map<String, String> names;

    /**
     * @param names repositories out of the chart's own values, by path
     */
    HelmValues(String file, YamlText text, List<String> paths, Map<String, String> names) {
        this.file = file;
        this.text = text;
        this.root = text.first().map(first -> YamlPath.of(text, first)).orElse(null);
        this.paths = paths;
        this.names = names;
    }

    /** The image names at the paths of a chart's own values; a path without repository has none. */
    static Map<String, String> repositories(String file, byte[] content, List<String> paths) throws UserErrorException {
        YamlText text = YamlText.parse(file, content);
        Map<String, String> names = new LinkedHashMap<>();
        if (text.first().isPresent()) {
            YamlPath root = YamlPath.of(text, text.first().get());
            for (String path : paths) {
                YamlPath at = root.keys(keys(path)).orElse(null);
                String name = at == null ? null : HelmImageOccurrence.name(new HelmMapping(at, path));
                if (name != null) {
                    names.put(path, name);
                }
            }
        }
        return names;
    }

    /** The place at one path of values; empty when there is none. */
    static List<ImageOccurrence> at(YamlPath values, String path, @CheckForNull String chartName)
            throws UserErrorException {
        YamlPath at = values.keys(keys(path)).orElse(null);
        if (at == null) {
            return List.of();
        }
        return at.scalar() != null
                ? ScalarImageOccurrence.helm(at, path).stream().toList()
                : HelmImageOccurrence.of(new HelmMapping(at, path), path, chartName).stream()
                        .toList();
    }

    static List<String> keys(String path) {
        return List.of(path.split("\\.", -1));
    }

    /** The one path that holds no image yet. */
    static String unusedPath(List<String> paths, List<ImageOccurrence> taken, SourceLocation location)
            throws UserErrorException {
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

    /** What stands at the path of a new image. */
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
        List<ImageOccurrence> places = new ArrayList<>();
        if (root != null) {
            for (String path : paths) {
                places.addAll(at(root, path, names.get(path)));
            }
        }
        return places;
    }

    @Override
    public boolean allowsDuplicates() {
        return false;
    }

    @Override
    public byte[] add(ImageUpdateSpec setting) throws UserErrorException {
        String path = unusedPath(paths, all(), SourceLocation.of(file));
        return YamlInsertion.into(text).put(root, keys(path), fields(setting), path);
    }

    @Override
    public UserErrorException noSuchImage(String called) throws UserErrorException {
        List<String> known = all().stream().map(ImageOccurrence::displayName).toList();
        String paths = String.join(", ", this.paths);
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
