package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlInsertion;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images in Argo CD Applications, in any document of a file: {@code kustomize.images}, and the image paths in
 * {@code helm.parameters} and {@code helm.valuesObject}, of {@code spec.source} and each of {@code spec.sources}.
 */
final class ApplicationImages implements ImageOccurrences {
    private static final List<String> IMAGES = List.of("kustomize", "images");
    private static final List<String> PARAMETERS = List.of("helm", "parameters");
    private static final List<String> VALUES_OBJECT = List.of("helm", "valuesObject");
    private static final List<String> VALUES = List.of("helm", "values");

    private final String file;
    private final YamlText text;
    private final List<String> paths;
    /** The paths of all sources. */
    private final List<YamlPath> sources = new ArrayList<>();

    ApplicationImages(String file, YamlText text, List<String> paths) {
        this.file = file;
        this.text = text;
        this.paths = paths;
        for (YamlNode root : text.documents()) {
            YamlPath document = YamlPath.of(text, root);
            if (isApplication(document)) {
                document.keys(List.of("spec", "source")).ifPresent(sources::add);
                document.keys(List.of("spec", "sources")).ifPresent(list -> sources.addAll(list.items()));
            }
        }
    }

    static boolean isApplication(YamlPath document) {
        String version = document.textAt("apiVersion");
        String kind = document.textAt("kind");
        return kind.equals("Application") && version.startsWith("argoproj.io/");
    }

    @Override
    public List<ImageOccurrence> all() throws UserErrorException {
        List<ImageOccurrence> places = new ArrayList<>();
        for (YamlPath source : sources) {
            places.addAll(of(source));
        }
        UserErrorException block = places.isEmpty() ? inBlock() : null;
        if (block != null) {
            throw block;
        }
        return places;
    }

    private List<ImageOccurrence> of(YamlPath source) throws UserErrorException {
        List<ImageOccurrence> places = new ArrayList<>();
        for (YamlPath item : source.keys(IMAGES).map(YamlPath::items).orElse(List.of())) {
            places.addAll(ScalarImageOccurrence.kustomize(item).stream().toList());
        }
        Optional<YamlPath> parameters = source.keys(PARAMETERS);
        Optional<YamlPath> values = source.keys(VALUES_OBJECT);
        for (String path : paths.isEmpty() ? List.of(ValuesImages.IMAGE) : paths) {
            if (parameters.isPresent()) {
                HelmFields fields = new HelmParameters(parameters.get(), path);
                places.addAll(
                        HelmImageOccurrence.of(fields, path, null).stream().toList());
                YamlPath whole = HelmParameters.parameter(parameters.get(), path);
                if (whole != null) {
                    places.addAll(ScalarImageOccurrence.helm(HelmParameters.value(whole), path).stream()
                            .toList());
                }
            }
        }
        if (values.isPresent()) {
            places.addAll(new ValuesImages(values.get(), paths, Map.of()).all());
        }
        return places;
    }

    /** The error for images in a block of text, which cannot be edited safely; null when there are none. */
    @CheckForNull
    private UserErrorException inBlock() {
        for (YamlPath source : sources) {
            YamlPath values = source.keys(VALUES).orElse(null);
            String block = values == null ? null : values.scalar();
            if (block != null && canContainImage(block)) {
                return new UserErrorException(
                        values.location(),
                        "The image is in values, a block of text, in which images cannot be set",
                        "Write valuesObject or parameters instead of values");
            }
        }
        return null;
    }

    private boolean canContainImage(String block) {
        try {
            YamlText values = YamlText.parse(file, block.getBytes(StandardCharsets.UTF_8));
            return !new HelmValues(file, values, paths, Map.of()).all().isEmpty();
        } catch (UserErrorException unreadable) {
            return true;
        }
    }

    @Override
    public byte[] add(ImageUpdateSpec setting) throws UserErrorException {
        if (sources.size() != 1) {
            throw new UserErrorException(
                    SourceLocation.of(file),
                    sources.isEmpty()
                            ? "This Application has no source"
                            : "This file has " + sources.size() + " sources, and image " + setting.called()
                                    + " could belong to each",
                    "Write the entry in Git first");
        }
        YamlPath source = sources.get(0);
        YamlInsertion insertion = YamlInsertion.into(text);
        boolean helm = source.key("helm").isPresent() || source.key("chart").isPresent();
        if (!helm || source.keys(IMAGES).isPresent()) {
            String newName = setting.newName();
            String key = newName == null ? null : setting.called();
            ImageString image =
                    new ImageString(key, newName == null ? setting.called() : newName, setting.tag(), setting.digest());
            return insertion.put(source, IMAGES, List.of(image.toString()), "kustomize.images");
        }
        String path = HelmValues.unusedPath(paths, all(), source.location());
        Map<String, Object> fields = HelmValues.fields(setting);
        if (source.keys(VALUES_OBJECT).filter(values -> !values.isEmpty()).isPresent()) {
            List<String> keys = new ArrayList<>(VALUES_OBJECT);
            keys.addAll(HelmValues.newKeys(path, source.location()));
            return insertion.put(source, keys, fields, "helm.valuesObject");
        }
        List<Object> parameters = new ArrayList<>();
        fields.forEach((field, value) -> parameters.add(HelmParameters.written(path, field, (String) value)));
        return insertion.put(source, PARAMETERS, parameters, "helm.parameters");
    }

    @Override
    public UserErrorException noSuchImage(String called) throws UserErrorException {
        List<String> known = all().stream().map(ImageOccurrence::displayName).toList();
        UserErrorException block = inBlock();
        if (block != null) {
            return block;
        }
        return new UserErrorException(
                SourceLocation.of(file),
                "This Application sets no image " + called,
                known.isEmpty()
                        ? "Add it with create: true"
                        : "Use one of " + NameList.list(known) + ", or add it with create: true");
    }
}
