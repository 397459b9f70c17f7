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

/**
 * The {@code images} list of a kustomization, a component or a file with only this list, and the images in
 * {@code valuesInline} of its {@code helmCharts}. Only the first document is read and written, since kustomize reads no
 * others.
 */
final class KustomizeImages implements ImageOccurrences {
    private static final String HELM_CHARTS = "helmCharts";
    private static final String VALUES = "valuesInline";

    private final String file;
    private final YamlText text;
    private final List<String> paths;
    private final ImageList list;

    KustomizeImages(String file, YamlText text, List<String> paths) throws UserErrorException {
        this.file = file;
        this.text = text;
        this.paths = paths;
        this.list = ImageList.of(text);
    }

    @Override
    public List<ImageOccurrence> all() throws UserErrorException {
        List<ImageOccurrence> places = new ArrayList<>(ListItemOccurrence.of(text, list));
        YamlPath root = text.first().map(node -> YamlPath.of(text, node)).orElse(null);
        List<YamlPath> charts = root == null
                ? List.of()
                : root.key(HELM_CHARTS).map(YamlPath::items).orElse(List.of());
        for (YamlPath chart : charts) {
            YamlPath values = chart.key(VALUES).orElse(null);
            if (values != null) {
                places.addAll(new ValuesImages(values, paths, Map.of()).all());
            }
        }
        return places;
    }

    @Override
    public byte[] add(ImageUpdateSpec setting) throws UserErrorException {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", setting.called());
        put(entry, ListItemOccurrence.NEW_NAME, setting.newName());
        put(entry, ListItemOccurrence.NEW_TAG, setting.tag());
        put(entry, ListItemOccurrence.DIGEST, setting.digest());
        YamlPath root = text.first().map(node -> YamlPath.of(text, node)).orElse(null);
        return YamlInsertion.into(text).put(root, List.of("images"), List.of(entry), "images");
    }

    private static void put(Map<String, Object> entry, String key, @CheckForNull String value) {
        if (value != null) {
            entry.put(key, value);
        }
    }

    @Override
    public UserErrorException noSuchImage(String called) {
        if (list.entries().isEmpty()) {
            return new UserErrorException(
                    SourceLocation.of(file),
                    "There is no list of images here, so nothing to set for image " + called,
                    "Add it with create: true, or add images with \"name: " + called + "\" and a newTag in Git first");
        }
        String known =
                NameList.list(list.entries().stream().map(ImageList.Item::name).toList());
        return new UserErrorException(
                list.location(),
                "There is no entry for image " + called + " here",
                "Use one of " + known + ", or add the entry with create: true");
    }
}
