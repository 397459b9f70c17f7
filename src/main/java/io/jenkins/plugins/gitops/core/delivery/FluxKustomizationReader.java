package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.yaml.YamlPath;
import java.util.List;
import java.util.Optional;

/** What a Flux {@code Kustomization} applies from a folder of a Git repository. */
final class FluxKustomizationReader {
    /** Group of Flux's Kustomization, and the beginning of its {@code apiVersion}. */
    static final String GROUP = "kustomize.toolkit.fluxcd.io/";

    private FluxKustomizationReader() {}

    /**
     * As an Application of the same name: its labels and names say what it is.
     *
     * @param file path of the manifest
     * @param root of the document
     * @return empty when it applies no folder of a Git repository
     */
    static Optional<ArgoCdApplicationTarget> read(String file, YamlPath root) {
        String path = text(root, "spec", "path").replaceFirst("^(\\./|/)+", "").replaceFirst("/+$", "");
        boolean git = text(root, "spec", "sourceRef", "kind").equals("GitRepository");
        if (!git
                || path.isEmpty()
                || path.equals(".")
                || List.of(path.split("/")).contains("..")) {
            return Optional.empty();
        }
        return Optional.of(ArgoCdApplicationTarget.ofFolder(file, root, text(root, "spec", "targetNamespace"), path));
    }

    private static String text(YamlPath from, String... keys) {
        return from.keys(List.of(keys)).map(YamlPath::scalar).orElse("");
    }
}
