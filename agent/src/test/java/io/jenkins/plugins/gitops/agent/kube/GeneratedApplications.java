package io.jenkins.plugins.gitops.agent.kube;

import java.util.HashMap;
import java.util.Map;

/**
 * Applications of five resources each, a base and an overlay, in one namespace.
 *
 * @param count the number of applications
 * @param namespace their namespace; also the beginning of their names
 * @param replicas of each Deployment
 */
record GeneratedApplications(int count, String namespace, int replicas) {
    /** The folder of the Application manifests. */
    static final String FOLDER = "clusters/bench";

    private static final String APPLICATION = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata:
              name: %1$s-%2$s
            spec:
              project: default
              source:
                repoURL: https://git.example.com/config.git
                targetRevision: main
                path: services/%2$s/overlays/bench
              destination:
                server: https://kubernetes.default.svc
                namespace: %1$s
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
                syncOptions:
                - CreateNamespace=true
            """;
    private static final String RESOURCES = """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: %1$s
            ---
            apiVersion: v1
            kind: Secret
            metadata:
              name: %1$s
            data:
              token: bm90IGEgc2VjcmV0
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: %1$s
            data:
              LOG_LEVEL: info
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: %1$s
            spec:
              selector:
                app: %1$s
              ports:
              - port: 80
                targetPort: 8080
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: %1$s
            spec:
              replicas: %2$d
              selector:
                matchLabels:
                  app: %1$s
              template:
                metadata:
                  labels:
                    app: %1$s
                spec:
                  serviceAccountName: %1$s
                  containers:
                  - name: app
                    image: registry.example.com/app:1
                    envFrom:
                    - configMapRef:
                        name: %1$s
                    - secretRef:
                        name: %1$s
            """;
    private static final String BASE = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - resources.yaml
            """;
    private static final String OVERLAY = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: %1$s
            resources:
            - ../../base
            images:
            - name: registry.example.com/app
              newTag: "2"
            """;

    static String name(int application) {
        return String.format("app-%04d", application);
    }

    /** Returns the folder to render for an application. */
    static String overlay(int application) {
        return "services/" + name(application) + "/overlays/bench";
    }

    /** Returns all files of the config repository, by path. */
    Map<String, String> files() {
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String app = name(i);
            files.put(FOLDER + "/" + app + ".yaml", APPLICATION.formatted(namespace, app));
            files.put("services/" + app + "/base/resources.yaml", RESOURCES.formatted(app, replicas));
            files.put("services/" + app + "/base/kustomization.yaml", BASE);
            files.put(overlay(i) + "/kustomization.yaml", OVERLAY.formatted(namespace));
        }
        return files;
    }
}
