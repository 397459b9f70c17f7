package io.jenkins.plugins.gitops.core.image;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.KeyValue;
import io.jenkins.plugins.gitops.core.yaml.YamlNode.Mapping;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The images of Kubernetes objects, in any document of a file: of containers and init containers, anywhere in a
 * workload or custom resource; in the values of a Flux HelmRelease; in the list of a Flux Kustomization. Configured
 * image paths start at the root of an object, or at the values of a HelmRelease.
 */
final class ManifestImages implements ImageOccurrences {
    private static final Set<String> CONTAINER_LISTS = Set.of("containers", "initContainers", "ephemeralContainers");
    private static final String IMAGE = "image";
    private static final List<String> HELM_VALUES = List.of("spec", "values");
    private static final String FLUX_HELM = "helm.toolkit.fluxcd.io/";
    private static final String FLUX_KUSTOMIZE = "kustomize.toolkit.fluxcd.io/";

    private final String file;
    private final YamlText text;
    private final List<String> paths;

    ManifestImages(String file, YamlText text, List<String> paths) {
        this.file = file;
        this.text = text;
        this.paths = paths;
    }

    @Override
    public List<ImageOccurrence> all() throws UserErrorException {
        List<ImageOccurrence> named = new ArrayList<>();
        List<ImageOccurrence> places = new ArrayList<>();
        for (YamlPath object : objects()) {
            for (String path : paths) {
                ValuesImages.at(object, path, null).ifPresent(named::add);
            }
            YamlPath values = helmValues(object);
            if (values != null) {
                places.addAll(new ValuesImages(values, paths, Map.of()).all());
            }
            if (isOf(object, FLUX_KUSTOMIZE)) {
                YamlPath spec = object.key("spec").orElse(object);
                places.addAll(ListItemOccurrence.of(text, ImageList.in(spec)));
            }
        }
        texts().forEach(image -> ScalarImageOccurrence.container(image).ifPresent(places::add));
        List<ImageOccurrence> all = named.isEmpty() ? places : named;
        all.sort(Comparator.comparingInt(place -> place.location().line()));
        return all;
    }

    private List<YamlPath> objects() {
        return text.documents().stream()
                .map(root -> YamlPath.of(text, root))
                .filter(object -> !kind(object).isEmpty())
                .toList();
    }

    private static String kind(YamlPath object) {
        return object.textAt("kind");
    }

    private static boolean isOf(YamlPath object, String group) {
        return object.textAt("apiVersion").startsWith(group);
    }

    /** The values of a HelmRelease; null for any other object. */
    @CheckForNull
    private static YamlPath helmValues(YamlPath object) {
        boolean release = kind(object).equals("HelmRelease") && isOf(object, FLUX_HELM);
        return release
                ? object.keys(HELM_VALUES)
                        .filter(values -> values.node() instanceof Mapping)
                        .orElse(null)
                : null;
    }

    /** The values of {@code image} of all containers. */
    private List<YamlPath> texts() {
        List<YamlPath> texts = new ArrayList<>();
        for (YamlPath object : objects()) {
            // The schema in a CustomResourceDefinition may look like containers.
            if (helmValues(object) == null && !kind(object).equals("CustomResourceDefinition")) {
                collect(object, texts);
            }
        }
        return texts;
    }

    private static void collect(YamlPath node, List<YamlPath> texts) {
        node.items().forEach(item -> collect(item, texts));
        if (!(node.node() instanceof Mapping mapping)) {
            return;
        }
        for (KeyValue entry : mapping.entries()) {
            YamlPath value =
                    entry.name() == null ? null : node.key(entry.name()).orElse(null);
            if (value != null && CONTAINER_LISTS.contains(entry.name())) {
                value.items().forEach(container -> container.key(IMAGE).ifPresent(texts::add));
            } else if (value != null) {
                collect(value, texts);
            }
        }
    }

    /**
     * The error for the first container whose image is a variable that may be this image; empty when there is none.
     *
     * @param called empty for any image
     */
    Optional<SubstitutedImageException> substituted(String called) {
        return texts().stream()
                .filter(image -> ImageVariables.isIn(image.scalar()))
                .filter(image -> called.isEmpty() || ImageVariables.canMatch(image.scalar(), called))
                .findFirst()
                .map(image -> new SubstitutedImageException(
                        image.location(), called.isEmpty() ? "of a container" : called, image.scalar()));
    }

    @Override
    public byte[] add(ImageUpdateSpec setting) throws UserErrorException {
        Optional<SubstitutedImageException> substituted = substituted(setting.called());
        if (substituted.isPresent()) {
            throw substituted.get();
        }
        throw new UserErrorException(
                SourceLocation.of(file),
                "No container here has image " + setting.called() + ", and none can be added",
                "Add the container in Git first");
    }

    @Override
    public UserErrorException noSuchImage(String called) throws UserErrorException {
        Optional<SubstitutedImageException> substituted = substituted(called);
        if (substituted.isPresent()) {
            return substituted.get();
        }
        List<String> known = all().stream().map(ImageOccurrence::key).toList();
        return new UserErrorException(
                SourceLocation.of(file),
                "No container here has image " + called,
                known.isEmpty()
                        ? "Name a file with the containers of a workload"
                        : "Use one of " + NameList.list(known) + ", or add the container in Git first");
    }
}
