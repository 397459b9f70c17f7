package io.jenkins.plugins.gitops.agent.live;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What the planes of Flux and Argo CD need from the tests' control plane. */
final class LiveCluster {
    private static final Set<Path> DEFINED = new HashSet<>();

    private LiveCluster() {}

    /**
     * Returns a system property, or else an environment variable.
     *
     * @throws IllegalStateException if neither is set
     */
    static String setting(String name) {
        String value = System.getProperty(name, System.getenv(name));
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(name + " is not set; scripts/test sets or needs it");
        }
        return value;
    }

    static KubernetesClient client() {
        return ControlPlane.shared().client();
    }

    /** Applies the CustomResourceDefinitions of a folder, once, and waits until the server serves their kinds. */
    static synchronized void define(Path folder) throws IOException {
        if (!DEFINED.add(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.yaml")) {
            for (Path file : files) {
                if (!file.endsWith("kustomization.yaml")) {
                    ControlPlane.shared().define(Files.readString(file));
                }
            }
        }
    }

    /** Applies objects and takes ownership of their fields. */
    static void apply(String yaml) {
        for (HasMetadata object : client().load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            client().resource(object).forceConflicts().serverSideApply();
        }
    }
}
