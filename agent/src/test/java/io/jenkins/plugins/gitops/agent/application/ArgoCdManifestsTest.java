package io.jenkins.plugins.gitops.agent.application;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.testkit.InMemoryFileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Test;

/** Manifests as teams write them for Argo CD: supported fields are read, all others are rejected by name. */
public class ArgoCdManifestsTest {
    private static final String HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n";
    private static final IgnoreDifferenceRule REPLICAS =
            new IgnoreDifferenceRule("apps", "Deployment", null, null, List.of("/spec/replicas"));

    private static final String PAYMENTS_STAGING = HEAD + """
            metadata:
              name: payments-api-staging
              namespace: argocd
              annotations:
                notifications.argoproj.io/subscribe.on-sync-succeeded.slack: devops-deploys
                notifications.argoproj.io/subscribe.on-sync-failed.slack: devops-alerts
              finalizers:
                - resources-finalizer.argocd.argoproj.io # cascade-delete on app removal
            spec:
              project: payments-team # AppProject scopes RBAC
              source:
                repoURL: https://github.com/myorg/gitops-platform
                targetRevision: main
                path: services/payments-api/overlays/staging
              destination:
                server: https://kubernetes.default.svc # same cluster where ArgoCD runs
                namespace: payments-staging
              syncPolicy:
                automated:
                  prune: true # delete resources removed from Git
                  selfHeal: true # revert manual kubectl changes
                  allowEmpty: false # never sync an empty state (safety net)
                syncOptions:
                  - CreateNamespace=true
                  - PrunePropagationPolicy=foreground
                  - RespectIgnoreDifferences=true
                retry:
                  limit: 3
                  backoff:
                    duration: 5s
                    factor: 2
                    maxDuration: 3m
              ignoreDifferences:
                - group: apps
                  kind: Deployment
                  jsonPointers:
                    - /spec/replicas # ignore if HPA manages replica count live
            """;

    private static final String PAYMENTS_PRODUCTION = "# no automated sync\n" + HEAD + """
            metadata:
              name: payments-api-production
              namespace: argocd
              finalizers:
                - resources-finalizer.argocd.argoproj.io
            spec:
              project: payments-team
              source:
                repoURL: https://github.com/myorg/gitops-platform
                targetRevision: main
                path: services/payments-api/overlays/production
              destination:
                server: https://prod-cluster-api.internal:6443
                namespace: payments-production
              syncPolicy:
                syncOptions:
                  - CreateNamespace=true
                  - PrunePropagationPolicy=foreground
                retry:
                  limit: 2
                  backoff:
                    duration: 10s
                    factor: 2
                    maxDuration: 5m
            """;

    private static final String FRONTEND_PRODUCTION = HEAD + """
            metadata:
              name: frontend-production
              namespace: argocd
              # Finalizer ensures cascade delete
              finalizers:
              - resources-finalizer.argocd.argoproj.io
            spec:
              # Project for RBAC
              project: production

              # Git source
              source:
                repoURL: 'https://github.com/company/gitops.git'
                targetRevision: main
                path: apps/frontend/overlays/production

                # Use Kustomize for config management
                kustomize:
                  namePrefix: prod-
                  commonLabels:
                    environment: production
                  images:
                  - name: company/frontend
                    newTag: v1.2.4  # Managed by CI/CD

              # Destination cluster and namespace
              destination:
                server: 'https://kubernetes.default.svc'
                namespace: prod-frontend

              # Sync policy
              syncPolicy:
                automated:
                  prune: true      # Delete resources removed from Git
                  selfHeal: true   # Auto-correct manual kubectl changes
                  allowEmpty: false

                # Sync options
                syncOptions:
                - CreateNamespace=true
                - PrunePropagationPolicy=foreground
                - PruneLast=true

                # Retry strategy
                retry:
                  limit: 5
                  backoff:
                    duration: 5s
                    factor: 2
                    maxDuration: 3m

              # Health checks
              ignoreDifferences:
              - group: apps
                kind: Deployment
                jsonPointers:
                - /spec/replicas  # Ignore HPA-controlled replicas
            """;

    private static final String FRONTEND_DEV = HEAD + """
            metadata:
              name: frontend-dev
              namespace: argocd
            spec:
              project: development

              source:
                repoURL: 'https://github.com/company/gitops.git'
                targetRevision: main  # Or 'dev' branch for dev environment
                path: apps/frontend/overlays/dev

              destination:
                server: 'https://kubernetes.default.svc'
                namespace: dev-frontend

              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
                syncOptions:
                - CreateNamespace=true
            """;

    private static final String FRONTEND_STAGING = FRONTEND_DEV
            .replace("frontend-dev", "frontend-staging")
            .replace("development", "staging")
            .replace("overlays/dev", "overlays/staging")
            .replace("dev-frontend", "staging-frontend");

    private static final String MY_API = HEAD + """
            metadata:
              name: my-api-production
              namespace: argocd
              labels:
                app.kubernetes.io/part-of: platform
              finalizers:
                - resources-finalizer.argocd.argoproj.io
            spec:
              project: platform
              source:
                repoURL: https://github.com/mycompany/k8s-deployments.git
                targetRevision: main
                path: apps/my-api/overlays/production
              destination:
                server: https://kubernetes.default.svc
                namespace: production
              syncPolicy:
                automated:
                  prune: true
                  selfHeal: true
                  allowEmpty: false
                syncOptions:
                  - CreateNamespace=true
                  - PrunePropagationPolicy=foreground
                  - PruneLast=true
                retry:
                  limit: 3
                  backoff:
                    duration: 5s
                    factor: 2
                    maxDuration: 3m
            """;

    private static final String IMAGE_UPDATER = HEAD + """
            metadata:
              name: my-app-image-updater
              namespace: argocd
              annotations:
                argocd-image-updater.argoproj.io/image-list: my-app=ghcr.io/myorg/my-app
                argocd-image-updater.argoproj.io/my-app.update-strategy: semver
                argocd-image-updater.argoproj.io/my-app.allow-tags: regexp:^v\\\\d+\\\\.\\\\d+\\\\.\\\\d+$
                argocd-image-updater.argoproj.io/write-back-method: git:secret:argocd/image-updater-creds
                argocd-image-updater.argoproj.io/git-branch: main
            spec:
              source:
                repoURL: https://github.com/myorg/myapp-config.git
                targetRevision: main
                path: k8s/overlays/production
              destination:
                server: https://kubernetes.default.svc
                namespace: my-app-prod
            """;

    private static final String MY_APP_SET = """
            apiVersion: argoproj.io/v1alpha1
            kind: ApplicationSet
            metadata:
              name: my-app
              namespace: argocd
            spec:
              generators:
                - list:
                    elements:
                      - env: dev
                        namespace: my-app-dev
                        path: k8s/overlays/dev
                      - env: production
                        namespace: my-app-prod
                        path: k8s/overlays/production
              template:
                metadata:
                  name: 'my-app-{{env}}'
                spec:
                  project: default
                  source:
                    repoURL: https://github.com/myorg/myapp-config.git
                    targetRevision: HEAD
                    path: '{{path}}'
                  destination:
                    server: https://kubernetes.default.svc
                    namespace: '{{namespace}}'
                  syncPolicy:
                    automated:
                      prune: true
                      selfHeal: true
                    syncOptions:
                      - CreateNamespace=true
            """;

    private static final String PRODUCTION_PROJECT = """
            apiVersion: argoproj.io/v1alpha1
            kind: AppProject
            metadata:
              name: production
              namespace: argocd
            spec:
              description: Production environment
              sourceRepos:
              - 'https://github.com/company/gitops.git'
              destinations:
              - namespace: 'prod-*'
                server: 'https://kubernetes.default.svc'
              syncWindows:
              - kind: allow
                schedule: '0 10 * * 1-5'  # Mon-Fri 10 AM only
                duration: 8h
                applications:
                - '*'
                manualSync: true  # Require manual approval
            """;

    @Test
    public void automatedApplicationWithEverySupportedFieldIsRead() throws Exception {
        assertThat(
                accepted("https://github.com/myorg/gitops-platform.git", PAYMENTS_STAGING),
                is(automated(
                        "services/payments-api/overlays/staging", "payments-staging", retries(3), List.of(REPLICAS))));
        assertThat(
                accepted("https://github.com/mycompany/k8s-deployments", MY_API),
                is(automated("apps/my-api/overlays/production", "production", retries(3), List.of())));
        assertThat(
                accepted("https://github.com/company/gitops", FRONTEND_DEV),
                is(automated("apps/frontend/overlays/dev", "dev-frontend", RetryPolicy.DEFAULT, List.of())));
        assertThat(
                accepted("https://github.com/company/gitops", FRONTEND_STAGING),
                is(automated("apps/frontend/overlays/staging", "staging-frontend", RetryPolicy.DEFAULT, List.of())));
    }

    @Test
    public void annotationsOfOtherProgramsAreIgnored() throws Exception {
        ApplicationSpec spec = accepted("https://github.com/myorg/myapp-config", IMAGE_UPDATER);
        assertThat(spec.path(), is("k8s/overlays/production"));
        assertThat(spec.automated(), is(false));
    }

    @Test
    public void applicationForAnotherClusterIsRejectedUnlessTheAgentRunsThere() throws Exception {
        ApplicationManifest refused = read("https://github.com/myorg/gitops-platform", PAYMENTS_PRODUCTION);
        assertThat(
                refused.problem(),
                is("clusters/dev/app.yaml:16:13: This agent does not deploy to https://prod-cluster-api.internal:6443."
                        + " Write one of [https://kubernetes.default.svc],"
                        + " or list it among the destinations in the agent's configuration."));
        assertThat(refused.path(), is("services/payments-api/overlays/production"));
        ApplicationManifest there = reader(
                        "https://github.com/myorg/gitops-platform",
                        "https://prod-cluster-api.internal:6443",
                        PAYMENTS_PRODUCTION)
                .read()
                .get(0);
        assertThat(there.problem(), nullValue());
        assertThat(there.spec().automated(), is(false));
        assertThat(there.spec().createNamespace(), is(true));
        assertThat(there.spec().retry(), is(new RetryPolicy(2, Duration.ofSeconds(10), 2, Duration.ofMinutes(5))));
    }

    @Test
    public void kustomizeOptionsInTheApplicationAreRejectedByName() throws Exception {
        ApplicationManifest refused = read("https://github.com/company/gitops", FRONTEND_PRODUCTION);
        assertThat(refused.name(), is("frontend-production"));
        assertThat(
                refused.problem(),
                is("clusters/dev/app.yaml:20:5: \"kustomize\" is not a key of source."
                        + " Use repoURL, targetRevision, path."));
        String without = FRONTEND_PRODUCTION.replaceFirst("(?s)    kustomize:.*?(?=\n\n)", "");
        assertThat(
                accepted("https://github.com/company/gitops", without),
                is(automated(
                        "apps/frontend/overlays/production", "prod-frontend", RetryPolicy.DEFAULT, List.of(REPLICAS))));
    }

    @Test
    public void applicationSetIsRejected() throws Exception {
        assertThat(
                read("https://github.com/myorg/myapp-config", MY_APP_SET).problem(),
                is("clusters/dev/app.yaml:1:1: An ApplicationSet is not supported. Write its Applications out."));
    }

    @Test
    public void appProjectIsIgnored() throws Exception {
        assertThat(
                reader("https://github.com/company/gitops", ManifestFolder.OWN_SERVER, PRODUCTION_PROJECT)
                        .read(),
                is(List.of()));
    }

    @Test
    public void documentedExamplesAreAllAccepted() throws Exception {
        Path clusters = Path.of(System.getProperty("gitops.root", "."), "docs/examples/config-repo/clusters");
        try (Stream<Path> files = Files.walk(clusters)) {
            List<Path> manifests = files.filter(Files::isRegularFile).sorted().toList();
            assertThat(manifests.size(), is(9));
            for (Path manifest : manifests) {
                ApplicationSpec spec =
                        accepted("https://git.example.com/gitops-platform.git", Files.readString(manifest));
                assertThat(
                        "its folder is there: " + spec.path(),
                        Files.isDirectory(clusters.resolveSibling(spec.path())),
                        is(true));
                assertThat(spec.automated() && spec.prune() && spec.selfHeal() && !spec.allowEmpty(), is(true));
            }
        }
    }

    private static RetryPolicy retries(int limit) {
        return new RetryPolicy(limit, Duration.ofSeconds(5), 2, Duration.ofMinutes(3));
    }

    private static ApplicationSpec automated(
            String path, String namespace, RetryPolicy retryPolicy, List<IgnoreDifferenceRule> ignored) {
        return new ApplicationSpecBuilder(path, namespace)
                .retry(retryPolicy)
                .ignoreDifferences(ignored)
                .build();
    }

    private static ApplicationSpec accepted(String repository, String manifest) throws IOException {
        ApplicationManifest read = read(repository, manifest);
        assertThat(manifest, read.problem(), nullValue());
        assertThat(read.path(), is(read.spec().path()));
        return read.spec();
    }

    private static ApplicationManifest read(String repository, String manifest) throws IOException {
        List<ApplicationManifest> read =
                reader(repository, ManifestFolder.OWN_SERVER, manifest).read();
        assertThat(read.size(), is(1));
        return read.get(0);
    }

    private static ApplicationManifestReader reader(String repository, String destination, String manifest) {
        return new ApplicationManifestReader(
                new InMemoryFileTree().with(ManifestFolder.FOLDER + "/app.yaml", manifest),
                ManifestFolder.FOLDER,
                Set.of(repository),
                "main",
                Set.of(destination),
                false);
    }
}
