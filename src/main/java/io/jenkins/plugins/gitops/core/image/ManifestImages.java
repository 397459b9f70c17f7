package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import io.jenkins.plugins.gitops.core.yaml.YamlWay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Containers and init containers of workloads, in any document of a file. */
final class ManifestImages implements ImagePlaces {
    private static final List<String> TEMPLATE = List.of("spec", "template", "spec");
    /** Where each kind holds its pods' spec. */
    private static final Map<String, List<String>> POD_SPECS = Map.of(
            "Deployment",
            TEMPLATE,
            "StatefulSet",
            TEMPLATE,
            "DaemonSet",
            TEMPLATE,
            "ReplicaSet",
            TEMPLATE,
            "Job",
            TEMPLATE,
            "Rollout",
            TEMPLATE,
            "CronJob",
            List.of("spec", "jobTemplate", "spec", "template", "spec"),
            "Pod",
            List.of("spec"));

    private final String file;
    private final YamlText text;

    ManifestImages(String file, YamlText text) {
        this.file = file;
        this.text = text;
    }

    @Override
    public List<ImagePlace> all() {
        List<ImagePlace> places = new ArrayList<>();
        texts().forEach(image -> TextPlace.container(image).ifPresent(places::add));
        places.sort((one, other) -> Integer.compare(line(one), line(other)));
        return places;
    }

    /** What stands at {@code image} of the containers. */
    private List<YamlWay> texts() {
        List<YamlWay> texts = new ArrayList<>();
        for (YamlNode root : text.documents()) {
            YamlWay document = YamlWay.of(text, root);
            String kind = document.key("kind").map(YamlWay::scalar).orElse("");
            YamlWay pods = POD_SPECS.containsKey(kind)
                    ? document.keys(POD_SPECS.get(kind)).orElse(null)
                    : null;
            if (pods != null) {
                texts.addAll(images(pods, "initContainers"));
                texts.addAll(images(pods, "containers"));
            }
        }
        return texts;
    }

    private static List<YamlWay> images(YamlWay pods, String list) {
        return pods.key(list).map(YamlWay::items).orElse(List.of()).stream()
                .flatMap(container -> container.key("image").stream())
                .toList();
    }

    /**
     * The first container whose image is a variable that may be this one; empty when there is none.
     *
     * @param called empty for any image
     */
    Optional<SubstitutedImageException> substituted(String called) {
        return texts().stream()
                .filter(image -> ImageVariables.isIn(image.scalar()))
                .filter(image -> called.isEmpty() || ImageVariables.mayBe(image.scalar(), called))
                .findFirst()
                .map(image -> new SubstitutedImageException(
                        image.location(), called.isEmpty() ? "of a container" : called, image.scalar()));
    }

    private static int line(ImagePlace place) {
        return place.location().line();
    }

    @Override
    public boolean repeat() {
        return true;
    }

    @Override
    public byte[] add(ImageSetting setting) throws RefusedException {
        Optional<SubstitutedImageException> substituted = substituted(setting.called());
        if (substituted.isPresent()) {
            throw substituted.get();
        }
        throw new RefusedException(
                SourceLocation.of(file),
                "No container here has image " + setting.called() + ", and none can be added",
                "Add the container in Git first");
    }

    @Override
    public RefusedException missing(String called) {
        Optional<SubstitutedImageException> substituted = substituted(called);
        if (substituted.isPresent()) {
            return substituted.get();
        }
        List<String> known = all().stream().map(ImagePlace::key).toList();
        return new RefusedException(
                SourceLocation.of(file),
                "No container here has image " + called,
                known.isEmpty()
                        ? "Name a file with the containers of a workload"
                        : "Use one of " + KnownNames.list(known) + ", or add the container in Git first");
    }
}
