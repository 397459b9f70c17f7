package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TreePath;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.yaml.YamlNode;
import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import io.jenkins.plugins.gitops.core.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds the source of the values that Flux substitutes for variables: {@code spec.postBuild} of the Flux Kustomizations
 * in the tree. Used only after an image was rejected because of its variable; searches folders near the root first.
 */
final class FluxSubstitutions {
    /** Maximum number of listed folders and of YAML files that are read. */
    private static final int MAX_FOLDERS = 2_000;

    private static final int MAX_FILES = 2_000;

    private final FileTree tree;

    FluxSubstitutions(FileTree tree) {
        this.tree = tree;
    }

    /**
     * The source of a variable's value, with its location.
     *
     * @param folder that is applied, or is below the applied folder
     * @return empty when no manifest in the tree defines it
     * @throws IOException when the tree cannot be read
     */
    Optional<String> source(String folder, String variable) throws IOException {
        String from = null;
        for (String file : files()) {
            for (YamlPath kustomization : kustomizations(file)) {
                if (!applies(kustomization, folder)) {
                    continue;
                }
                Optional<YamlPath> build = kustomization.keys(List.of("spec", "postBuild"));
                Optional<YamlPath> value = build.flatMap(b -> b.keys(List.of("substitute", variable)));
                if (value.isPresent()) {
                    return Optional.of(value.get().location() + " (spec.postBuild.substitute." + variable
                            + " of Kustomization " + name(kustomization) + ")");
                }
                from = from == null
                        ? build.flatMap(b -> others(b, kustomization)).orElse(null)
                        : from;
            }
        }
        return Optional.ofNullable(from);
    }

    private static Optional<String> others(YamlPath build, YamlPath kustomization) {
        List<String> objects = build.key("substituteFrom").map(YamlPath::items).orElse(List.of()).stream()
                .map(object -> object.textAt("kind") + " " + object.textAt("name"))
                .toList();
        return objects.isEmpty()
                ? Optional.empty()
                : build.key("substituteFrom")
                        .map(list -> String.join(" or ", objects) + ", which " + list.location()
                                + " (spec.postBuild.substituteFrom of Kustomization " + name(kustomization)
                                + ") names");
    }

    private static boolean applies(YamlPath kustomization, String folder) {
        String applied = FluxKustomizationReader.folder(kustomization);
        return applied.isEmpty() || applied.equals(".") || folder.equals(applied) || folder.startsWith(applied + "/");
    }

    private static String name(YamlPath kustomization) {
        String name = kustomization.textAt("metadata", "name");
        String namespace = kustomization.textAt("metadata", "namespace");
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    private List<YamlPath> kustomizations(String file) throws IOException {
        try {
            byte[] content = tree.read(file).orElse(new byte[0]);
            if (!new String(content, StandardCharsets.UTF_8).contains(FluxKustomizationReader.GROUP)) {
                return List.of();
            }
            YamlText text = YamlText.parse(file, content);
            List<YamlPath> found = new ArrayList<>();
            for (YamlNode root : text.documents()) {
                YamlPath document = YamlPath.of(text, root);
                if (FluxKustomizationReader.isKustomization(document)) {
                    found.add(document);
                }
            }
            return found;
        } catch (UserErrorException notReadable) {
            return List.of();
        }
    }

    private List<String> files() throws IOException {
        List<String> files = new ArrayList<>();
        Deque<String> folders = new ArrayDeque<>(List.of(""));
        for (int listed = 0; !folders.isEmpty() && listed < MAX_FOLDERS; listed++) {
            String folder = folders.remove();
            for (FileTree.Entry entry : tree.list(folder)) {
                String path = TreePath.child(folder, entry.name());
                if (entry.folder()) {
                    folders.add(path);
                } else if (TreePath.isYaml(path) && files.size() < MAX_FILES) {
                    files.add(path);
                }
            }
        }
        return files;
    }
}
