package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.List;
import java.util.Optional;

/** What a Flux {@code Kustomization} applies from a folder of a Git repository. */
final class FluxKustomizationReader {
    /** Group of Flux's Kustomization, and the beginning of its {@code apiVersion}. */
    static final String GROUP = "kustomize.toolkit.fluxcd.io/";

    private FluxKustomizationReader() {}

    /** Whether a document is a Kustomization of Flux, not one of kustomize. */
    static boolean isKustomization(YamlPath root) {
        return root.textAt("kind").equals("Kustomization")
                && root.textAt("apiVersion").startsWith(GROUP);
    }

    /** The folder that a Kustomization applies, as the manifest says; empty or {@code .} for the root. */
    static String folder(YamlPath root) {
        return root.textAt("spec", "path").replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
    }

    /**
     * As an Application of the same name: its labels and names say what it is.
     *
     * @param file path of the manifest
     * @param root of the document
     * @return empty when it applies no folder of a Git repository
     */
    static Optional<ArgoCdApplicationTarget> read(String file, YamlPath root) {
        String path = folder(root);
        boolean git = root.textAt("spec", "sourceRef", "kind").equals("GitRepository");
        if (!git
                || path.isEmpty()
                || path.equals(".")
                || List.of(path.split("/")).contains("..")) {
            return Optional.empty();
        }
        return Optional.of(ArgoCdApplicationTarget.ofFolder(file, root, root.textAt("spec", "targetNamespace"), path));
    }
}
