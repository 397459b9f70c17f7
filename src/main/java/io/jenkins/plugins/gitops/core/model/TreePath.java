package io.jenkins.plugins.gitops.core.model;

import java.util.List;

/** Paths in a {@link FileTree}, and the meaning of file names. */
public final class TreePath {
    /** The file names of a kustomization, in kustomize's order. */
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

    /** Whether the name is that of a YAML file. */
    public static boolean isYaml(String file) {
        return file.endsWith(".yaml") || file.endsWith(".yml");
    }
}
