package io.jenkins.plugins.gitops.agent.application;

import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** A folder of manifests in memory, and an agent's view of it. */
final class ManifestFolder {
    static final String FOLDER = "clusters/dev";
    static final String OWN_SERVER = "https://kubernetes.default.svc";

    /** Lines 1 to 13 of a manifest; further fields of the spec follow. */
    static final String LEAST = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: app
            spec:
              source:
                repoURL: https://git.example.com/config.git
                path: apps/app
              destination:
                server: https://kubernetes.default.svc
                namespace: app-dev
            """;

    private final InMemoryFileTree files = new InMemoryFileTree();

    /**
     * Adds a file.
     *
     * @param name a path below {@link #FOLDER}
     */
    ManifestFolder with(String name, String content) {
        files.with(FOLDER + "/" + name, content);
        return this;
    }

    List<ApplicationManifest> read() throws IOException {
        return read(false);
    }

    List<ApplicationManifest> read(boolean ignoreProjects) throws IOException {
        return new ApplicationManifestReader(
                        files,
                        FOLDER,
                        Set.of("https://git.example.com/config.git", "ssh://git@git.example.com/config"),
                        "main",
                        Set.of(OWN_SERVER, "in-cluster"),
                        ignoreProjects)
                .read();
    }
}
