package io.jenkins.plugins.gitops.agent;

import java.util.Map;
import java.util.TreeMap;

/** Writes the Application manifest of a folder of the tests' config repository. */
final class ApplicationYaml {
    /** The folder of the Application manifests that a {@link RunningAgent} reads. */
    static final String FOLDER = "clusters/dev/argocd-apps/";

    /** A sync policy that creates the namespace, prunes and heals. */
    static final String AUTOMATED = """
            automated: {prune: true, selfHeal: true}
            syncOptions: [CreateNamespace=true]
            """;

    private final String name;
    private final Map<String, String> annotations = new TreeMap<>();
    private String path;
    private String namespace;
    private String syncPolicy = AUTOMATED;

    /** An application that deploys the folder of its name to the namespace of its name, with {@link #AUTOMATED}. */
    ApplicationYaml(String name) {
        this.name = name;
        this.path = name;
        this.namespace = name;
    }

    /** Returns the path of an application's manifest. */
    static String file(String application) {
        return FOLDER + application + ".yaml";
    }

    ApplicationYaml path(String folder) {
        path = folder;
        return this;
    }

    ApplicationYaml namespace(String value) {
        namespace = value;
        return this;
    }

    /** @param yaml the content of {@code syncPolicy}, not indented */
    ApplicationYaml syncPolicy(String yaml) {
        syncPolicy = yaml;
        return this;
    }

    ApplicationYaml annotation(String key, String value) {
        annotations.put(key, value);
        return this;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("""
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata:
                  name: %s
                """.formatted(name));
        if (!annotations.isEmpty()) {
            text.append("  annotations:\n");
            annotations.forEach((key, value) -> text.append("    %s: \"%s\"\n".formatted(key, value)));
        }
        text.append("""
                spec:
                  project: default
                  source: {repoURL: '%s', path: %s}
                  destination: {server: https://kubernetes.default.svc, namespace: %s}
                  syncPolicy:
                """.formatted(RunningAgent.REPOSITORY, path, namespace));
        return text + syncPolicy.indent(4);
    }
}
