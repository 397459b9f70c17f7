package io.jenkins.plugins.gitops.agent.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.gitops.core.model.FileTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A folder of manifests in memory, and an agent's view of it. */
final class ManifestFolder implements FileTree {
    static final String FOLDER = "clusters/dev";
    static final String OWN_SERVER = "https://kubernetes.default.svc";

    /** Lines 1 to 13; a spec that says more goes on from there. */
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

    private final TreeMap<String, byte[]> files = new TreeMap<>();

    /** @param name a path below {@link #FOLDER} */
    ManifestFolder with(String name, String content) {
        files.put(FOLDER + "/" + name, content.getBytes(UTF_8));
        return this;
    }

    List<ApplicationManifest> read() throws IOException {
        return read(false);
    }

    List<ApplicationManifest> read(boolean ignoreProjects) throws IOException {
        return new ApplicationManifestReader(
                        this,
                        FOLDER,
                        Set.of("https://git.example.com/config.git", "ssh://git@git.example.com/config"),
                        "main",
                        Set.of(OWN_SERVER, "in-cluster"),
                        ignoreProjects)
                .read();
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<Entry> list(String folder) {
        return files.keySet().stream()
                .filter(path -> path.startsWith(folder + "/"))
                .map(path -> path.substring(folder.length() + 1))
                .map(rest -> new Entry(rest.split("/")[0], rest.contains("/")))
                .distinct()
                .toList();
    }
}
