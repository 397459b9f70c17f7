package io.jenkins.plugins.gitops.agent.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A config repository as big as asked for: each application has nine files, in three environments. */
final class GeneratedRepository {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: %1$s
              labels:
                app: %1$s
            spec:
              replicas: 2
              selector:
                matchLabels:
                  app: %1$s
              template:
                metadata:
                  labels:
                    app: %1$s
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/%1$s:latest
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata:
              name: %1$s
            spec:
              selector:
                app: %1$s
              ports:
              - port: 80
            """;
    private static final String BASE = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - deployment.yaml
            - service.yaml
            """;
    private static final String OVERLAY = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: %1$s
            resources:
            - ../../base
            images:
            - name: registry.example.com/%2$s
              newTag: "1" # the bench writes this
            """;

    private GeneratedRepository() {}

    static String name(int application) {
        return String.format("app-%04d", application);
    }

    /** Writes the files below a folder. */
    static void write(Path root, int applications) throws IOException {
        for (int i = 0; i < applications; i++) {
            String app = name(i);
            Path service = root.resolve("services").resolve(app);
            file(service.resolve("base/deployment.yaml"), DEPLOYMENT.formatted(app));
            file(service.resolve("base/service.yaml"), SERVICE.formatted(app));
            file(service.resolve("base/kustomization.yaml"), BASE);
            for (String environment : new String[] {"dev", "staging", "production"}) {
                Path overlay = service.resolve("overlays").resolve(environment);
                file(overlay.resolve("kustomization.yaml"), OVERLAY.formatted(environment, app));
                file(overlay.resolve("config.yaml"), "# settings of " + app + " in " + environment + "\n");
            }
        }
    }

    private static void file(Path path, String content) throws IOException {
        Files.createDirectories(path.getParent());
        Files.write(path, content.getBytes(StandardCharsets.UTF_8));
    }
}
