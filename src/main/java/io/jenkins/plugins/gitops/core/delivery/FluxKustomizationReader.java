package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.List;
import java.util.Optional;

/** Reads which folder of a Git repository a Flux {@code Kustomization} applies. */
final class FluxKustomizationReader {
    /** API group of Flux's Kustomization, the prefix of its {@code apiVersion}. */
    static final String GROUP = "kustomize.toolkit.fluxcd.io/";

    private FluxKustomizationReader() {}

    /** Whether a document is a Kustomization of Flux, as opposed to kustomize. */
    static boolean isKustomization(YamlPath root) {
        return root.textAt("kind").equals("Kustomization")
                && root.textAt("apiVersion").startsWith(GROUP);
    }

    /** The folder that a Kustomization applies, as in the manifest; empty or {@code .} for the root. */
    static String folder(YamlPath root) {
        return root.textAt("spec", "path").replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
    }

    /**
     * Reads a Kustomization as a target; its labels and names are interpreted as those of an Application.
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
