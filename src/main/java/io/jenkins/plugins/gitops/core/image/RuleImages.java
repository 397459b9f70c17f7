package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlInsertion;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The images at the paths of rules, in a YAML, JSON or {@code KEY=value} text. */
final class RuleImages implements ImageOccurrences {
    private final String file;
    private final ImageSearch search;
    private final Map<String, String> names;
    /** Null when the text is not YAML. */
    @CheckForNull
    private final YamlText yaml;

    private final List<ValueLookup> lookups = new ArrayList<>();

    /** @param names of images, by the path of their tag, from the default values that this file overrides */
    RuleImages(String file, byte[] content, ImageSearch search, Map<String, String> names) throws UserErrorException {
        this.file = file;
        this.search = search;
        this.names = names;
        AssignmentLookup assignments =
                TextKind.isYamlName(file) ? null : new AssignmentLookup(new TextLines(file, content));
        if (assignments != null && !TextKind.isYaml(file, content)) {
            yaml = null;
            lookups.add(assignments);
        } else {
            yaml = YamlText.parse(file, content);
            yaml.documents().forEach(root -> lookups.add(new DocumentLookup(YamlPath.of(yaml, root))));
        }
    }

    @Override
    public List<ImageOccurrence> all() throws UserErrorException {
        List<ImageOccurrence> places = new ArrayList<>();
        for (ImageRule rule : search.rules()) {
            for (ValueLookup lookup : lookups) {
                for (String path : rule.image()) {
                    Optional<? extends FieldValue> value = lookup.find(path);
                    if (value.isPresent()) {
                        places.addAll(ScalarImageOccurrence.whole(value.get(), rule.name()).stream()
                                .toList());
                    }
                }
                for (int i = 0; i < Math.max(rule.tag().size(), rule.digest().size()); i++) {
                    places.addAll(fields(rule, i, lookup).stream().toList());
                }
            }
        }
        return places;
    }

    /** The image at the nth tag or digest of a rule; empty when this document has neither. */
    private Optional<ImageOccurrence> fields(ImageRule rule, int at, ValueLookup lookup) throws UserErrorException {
        String path = path(rule, at);
        PlacedFields fields = new PlacedFields(path)
                .with(HelmImageOccurrence.TAG, find(rule.tag(), at, lookup))
                .with(HelmImageOccurrence.DIGEST, find(rule.digest(), at, lookup));
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        fields.with(HelmImageOccurrence.REPOSITORY, repository(rule, at, lookup));
        String known = rule.name() == null ? names.get(path) : rule.name();
        return Optional.of(HelmImageOccurrence.of(fields, key(rule, path), known, unknownName(path)));
    }

    private static String path(ImageRule rule, int at) {
        return rule.tag().isEmpty() ? rule.digest().get(at) : rule.tag().get(at);
    }

    private static Optional<? extends FieldValue> find(List<String> paths, int at, ValueLookup lookup)
            throws UserErrorException {
        return at < paths.size() ? lookup.find(paths.get(at)) : Optional.empty();
    }

    private static Optional<? extends FieldValue> repository(ImageRule rule, int at, ValueLookup lookup)
            throws UserErrorException {
        if (!rule.repository().isEmpty()) {
            return lookup.find(rule.repository().get(rule.repository().size() == 1 ? 0 : at));
        }
        return rule.name() == null ? lookup.nameBeside(path(rule, at)) : Optional.empty();
    }

    /** The key of an image, which is the same in all environments if there is a name or only one rule. */
    private String key(ImageRule rule, String path) {
        if (rule.name() != null) {
            return rule.name();
        }
        return search.rules().size() == 1 ? ValuesImages.IMAGE : path;
    }

    private String unknownName(String path) {
        String application = search.application();
        return application != null && search.rules().size() == 1
                ? ImageString.nameOfPath(application)
                : ImageString.nameOfPath(path);
    }

    /** The names of the images in this text, by the path of their tag. */
    Map<String, String> namesByPath() throws UserErrorException {
        Map<String, String> known = new LinkedHashMap<>();
        for (ImageRule rule : search.rules()) {
            for (ValueLookup lookup : lookups) {
                for (int i = 0; i < Math.max(rule.tag().size(), rule.digest().size()); i++) {
                    Optional<? extends FieldValue> name = repository(rule, i, lookup);
                    if (name.isPresent() && name.get().text() != null) {
                        known.put(path(rule, i), name.get().text());
                    }
                }
            }
        }
        return known;
    }

    @Override
    public byte[] add(ImageUpdateSpec setting) throws UserErrorException {
        SourceLocation location = SourceLocation.of(file);
        ImageRule rule = ruleFor(setting.called());
        boolean tags = rule != null && !rule.tag().isEmpty();
        if (rule == null
                || !tags && rule.image().isEmpty()
                || yaml == null
                || !TextKind.hasKeys(file, yaml)
                || yaml.documents().size() != 1) {
            throw new UserErrorException(
                    location,
                    "Cannot determine where to add image " + setting.called(),
                    "Write the value in Git first");
        }
        String path = tags ? rule.tag().get(0) : rule.image().get(0);
        List<String> keys = HelmValues.newKeys(path, location);
        String value = tags ? setting.tag() : image(setting).toString();
        if (value == null || tags && setting.digest() != null) {
            throw new UserErrorException(
                    location, path + " is only a tag, and cannot be added with a digest", "Write it in Git first");
        }
        YamlPath root = YamlPath.of(yaml, yaml.documents().get(0));
        int last = keys.size() - 1;
        return YamlInsertion.into(yaml).put(root, keys.subList(0, last), Map.of(keys.get(last), value), path);
    }

    private static ImageString image(ImageUpdateSpec setting) {
        String name = setting.newName() == null ? setting.called() : setting.newName();
        return new ImageString(null, name, setting.tag(), setting.digest());
    }

    @CheckForNull
    private ImageRule ruleFor(String called) {
        List<ImageRule> rules = search.rules();
        List<ImageRule> found =
                rules.stream().filter(rule -> called.equals(rule.name())).toList();
        return found.size() == 1 ? found.get(0) : rules.size() == 1 ? rules.get(0) : null;
    }

    @Override
    public UserErrorException noSuchImage(String called) throws UserErrorException {
        List<String> known = all().stream().map(ImageOccurrence::displayName).toList();
        List<String> paths = search.rules().stream()
                .flatMap(rule ->
                        Stream.of(rule.tag(), rule.image(), rule.digest()).flatMap(List::stream))
                .toList();
        return known.isEmpty()
                ? new UserErrorException(
                        SourceLocation.of(file),
                        "There is no value at " + NameList.list(paths) + " here, so nothing to set for image " + called,
                        "Write it in Git first, or change the paths below images in gitops.yaml")
                : new UserErrorException(
                        SourceLocation.of(file),
                        "There is no image " + called + " at " + NameList.list(paths) + " here",
                        "Use one of " + NameList.list(known) + ", or add it to images in gitops.yaml");
    }
}
