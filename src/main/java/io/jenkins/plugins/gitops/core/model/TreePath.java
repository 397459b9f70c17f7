package io.jenkins.plugins.gitops.core.model;

import java.util.List;

/** Paths in a {@link FileTree}, and what names of files mean. */
public final class TreePath {
    /** The names under which kustomize looks for a kustomization, in its order. */
    public static final List<String> KUSTOMIZATIONS =
            List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    private TreePath() {}

    /** The path of a file or folder in a folder; {@code ""} is the root. */
    public static String child(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /** The folder of a path; {@code ""} for one at the root. */
    public static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** Whether a file is YAML by its name. */
    public static boolean isYaml(String file) {
        return file.endsWith(".yaml") || file.endsWith(".yml");
    }
}
