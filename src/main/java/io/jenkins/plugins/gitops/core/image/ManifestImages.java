package io.jenkins.plugins.gitops.core.image;

import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Containers and init containers of workloads, in any document of a file. */
final class ManifestImages implements ImageOccurrences {
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
    public List<ImageOccurrence> all() {
        List<ImageOccurrence> places = new ArrayList<>();
        texts().forEach(image -> ScalarImageOccurrence.container(image).ifPresent(places::add));
        places.sort((one, other) -> Integer.compare(line(one), line(other)));
        return places;
    }

    /** What stands at {@code image} of the containers. */
    private List<YamlPath> texts() {
        List<YamlPath> texts = new ArrayList<>();
        for (YamlNode root : text.documents()) {
            YamlPath document = YamlPath.of(text, root);
            String kind = document.key("kind").map(YamlPath::scalar).orElse("");
            YamlPath pods = POD_SPECS.containsKey(kind)
                    ? document.keys(POD_SPECS.get(kind)).orElse(null)
                    : null;
            if (pods != null) {
                texts.addAll(images(pods, "initContainers"));
                texts.addAll(images(pods, "containers"));
            }
        }
        return texts;
    }

    private static List<YamlPath> images(YamlPath pods, String list) {
        return pods.key(list).map(YamlPath::items).orElse(List.of()).stream()
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
                .filter(image -> called.isEmpty() || ImageVariables.canMatch(image.scalar(), called))
                .findFirst()
                .map(image -> new SubstitutedImageException(
                        image.location(), called.isEmpty() ? "of a container" : called, image.scalar()));
    }

    private static int line(ImageOccurrence place) {
        return place.location().line();
    }

    @Override
    public boolean allowsDuplicates() {
        return true;
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
    public UserErrorException noSuchImage(String called) {
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
