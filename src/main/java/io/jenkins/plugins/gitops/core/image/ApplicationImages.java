package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.YamlInsertion;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import io.jenkins.plugins.gitops.core.yaml.YamlWay;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images in Argo CD Applications, in any document of a file: {@code kustomize.images}, and at the image paths {@code
 * helm.parameters} and {@code helm.valuesObject}, of {@code spec.source} and each of {@code spec.sources}.
 */
final class ApplicationImages implements ImagePlaces {
    private static final List<String> IMAGES = List.of("kustomize", "images");
    private static final List<String> PARAMETERS = List.of("helm", "parameters");
    private static final List<String> VALUES_OBJECT = List.of("helm", "valuesObject");
    private static final List<String> VALUES = List.of("helm", "values");

    private final String file;
    private final YamlText text;
    private final List<String> paths;
    /** The ways to every source. */
    private final List<YamlWay> sources = new ArrayList<>();

    ApplicationImages(String file, YamlText text, List<String> paths) {
        this.file = file;
        this.text = text;
        this.paths = paths;
        for (YamlNode root : text.documents()) {
            YamlWay document = YamlWay.of(text, root);
            if (isApplication(document)) {
                document.keys(List.of("spec", "source")).ifPresent(sources::add);
                document.keys(List.of("spec", "sources")).ifPresent(list -> sources.addAll(list.items()));
            }
        }
    }

    static boolean isApplication(YamlWay document) {
        String version = document.key("apiVersion").map(YamlWay::scalar).orElse("");
        String kind = document.key("kind").map(YamlWay::scalar).orElse("");
        return kind.equals("Application") && version.startsWith("argoproj.io/");
    }

    @Override
    public List<ImagePlace> all() throws RefusedException {
        List<ImagePlace> places = new ArrayList<>();
        for (YamlWay source : sources) {
            places.addAll(of(source));
        }
        RefusedException block = places.isEmpty() ? inBlock() : null;
        if (block != null) {
            throw block;
        }
        return places;
    }

    private List<ImagePlace> of(YamlWay source) throws RefusedException {
        List<ImagePlace> places = new ArrayList<>();
        for (YamlWay item : source.keys(IMAGES).map(YamlWay::items).orElse(List.of())) {
            places.addAll(TextPlace.kustomize(item).stream().toList());
        }
        Optional<YamlWay> parameters = source.keys(PARAMETERS);
        Optional<YamlWay> values = source.keys(VALUES_OBJECT);
        for (String path : paths) {
            if (parameters.isPresent()) {
                HelmFields fields = new HelmParameters(parameters.get(), path);
                places.addAll(HelmPlace.of(fields, path, null).stream().toList());
                YamlWay whole = HelmParameters.parameter(parameters.get(), path);
                if (whole != null) {
                    places.addAll(TextPlace.helm(HelmParameters.value(whole), path).stream()
                            .toList());
                }
            }
            if (values.isPresent()) {
                places.addAll(HelmValues.at(values.get(), path, null));
            }
        }
        return places;
    }

    /** That images stand in a block of text, where an edit is not certain; null when none does. */
    @CheckForNull
    private RefusedException inBlock() {
        for (YamlWay source : sources) {
            YamlWay values = source.keys(VALUES).orElse(null);
            String block = values == null ? null : values.scalar();
            if (block != null && mayHoldImage(block)) {
                return new RefusedException(
                        values.location(),
                        "The image stands in values, a block of text, in which none is set",
                        "Write valuesObject or parameters instead of values");
            }
        }
        return null;
    }

    private boolean mayHoldImage(String block) {
        try {
            YamlText values = YamlText.parse(file, block.getBytes(StandardCharsets.UTF_8));
            return !new HelmValues(file, values, paths, Map.of()).all().isEmpty();
        } catch (RefusedException unreadable) {
            return true;
        }
    }

    @Override
    public boolean repeat() {
        return false;
    }

    @Override
    public byte[] add(ImageSetting setting) throws RefusedException {
        if (sources.size() != 1) {
            throw new RefusedException(
                    SourceLocation.of(file),
                    sources.isEmpty()
                            ? "This Application has no source"
                            : "This file has " + sources.size() + " sources, and image " + setting.called()
                                    + " could belong to each",
                    "Write the entry in Git first");
        }
        YamlWay source = sources.get(0);
        YamlInsertion insertion = YamlInsertion.into(text);
        boolean helm = source.key("helm").isPresent() || source.key("chart").isPresent();
        if (!helm || source.keys(IMAGES).isPresent()) {
            String newName = setting.newName();
            String key = newName == null ? null : setting.called();
            ImageText image =
                    new ImageText(key, newName == null ? setting.called() : newName, setting.tag(), setting.digest());
            return insertion.put(source, IMAGES, List.of(image.toString()), "kustomize.images");
        }
        String path = HelmValues.free(paths, all(), source.location());
        Map<String, Object> fields = HelmValues.fields(setting);
        if (source.keys(VALUES_OBJECT).filter(values -> !values.isNothing()).isPresent()) {
            List<String> keys = new ArrayList<>(VALUES_OBJECT);
            keys.addAll(HelmValues.keys(path));
            return insertion.put(source, keys, fields, "helm.valuesObject");
        }
        List<Object> parameters = new ArrayList<>();
        fields.forEach((field, value) -> parameters.add(HelmParameters.written(path, field, (String) value)));
        return insertion.put(source, PARAMETERS, parameters, "helm.parameters");
    }

    @Override
    public RefusedException missing(String called) throws RefusedException {
        List<String> known = all().stream().map(ImagePlace::shown).toList();
        RefusedException block = inBlock();
        if (block != null) {
            return block;
        }
        return new RefusedException(
                SourceLocation.of(file),
                "This Application sets no image " + called,
                known.isEmpty()
                        ? "Add it with create: true"
                        : "Use one of " + KnownNames.list(known) + ", or add it with create: true");
    }
}
