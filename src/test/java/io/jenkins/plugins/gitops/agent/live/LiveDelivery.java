package io.jenkins.plugins.gitops.agent.live;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.jenkins.plugins.gitops.agent.TestRepository;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.GitAccess;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One application in a config repository of its own, with a namespace of its own for what it runs, as Jenkins sees it: a
 * clone, a {@code gitops.yaml}, and waits that the real decision ends.
 */
final class LiveDelivery implements AutoCloseable {
    static final String IMAGE = "ghcr.io/acme/web";
    private static final String FIRST_TAG = "1.0";
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              progressDeadlineSeconds: 10
              selector: {matchLabels: {app: web}}
              template:
                metadata:
                  labels: {app: web}
                  annotations: {gitops.test/ready-after: "1s"}
                spec:
                  containers:
                  - {name: web, image: ghcr.io/acme/web}
            """;

    private final TestRepository repository;
    private final ConfigRepository clone;
    private final String app;
    private final String namespace;

    private LiveDelivery(TestRepository repository, ConfigRepository clone, String app, String namespace) {
        this.repository = repository;
        this.clone = clone;
        this.app = app;
        this.namespace = namespace;
    }

    /**
     * Makes the repository; nothing deploys it yet.
     *
     * @param folder of its own; it exists
     * @param app name of the application
     * @param agent what {@code agent} of the environment in gitops.yaml says
     */
    static LiveDelivery create(Path folder, String app, String agent) throws Exception {
        String namespace = LiveCluster.newNamespace(app + "-");
        String overlay = folderOf(app);
        Map<String, String> files = new HashMap<>();
        files.put("gitops.yaml", """
                apiVersion: gitops.jenkins.io/v1alpha1
                kind: Delivery
                applications:
                - path: apps/{app}/{env}
                environments:
                - name: dev
                  agent: %s
                """.formatted(agent));
        files.put(overlay + "/deployment.yaml", DEPLOYMENT);
        files.put(overlay + "/kustomization.yaml", """
                namespace: %s
                resources:
                - deployment.yaml
                images:
                - name: %s
                  newTag: "%s"
                """.formatted(namespace, IMAGE, FIRST_TAG));
        TestRepository repository =
                TestRepository.of(Files.createDirectories(folder.resolve("repositories")), files);
        ConfigRepository clone = ConfigRepository.open(
                folder.resolve("clone"), repository.url(), "main", "", GitAccess.ANONYMOUS, Runnable::run);
        clone.fetch();
        return new LiveDelivery(repository, clone, app, namespace);
    }

    private static String folderOf(String app) {
        return "apps/" + app + "/dev";
    }

    /** The newest commit. */
    String tip() throws IOException {
        return repository.tip();
    }

    String url() {
        return repository.url();
    }

    String app() {
        return app;
    }

    /** Where its workloads run. */
    String namespace() {
        return namespace;
    }

    /** The folder that is deployed. */
    String path() {
        return folderOf(app);
    }

    TestRepository repository() {
        return repository;
    }

    /** Sets the image in Git; the new commit. */
    String setTag(String tag) throws Exception {
        return edit("kustomization.yaml", "newTag: \"[^\"]*\"", "newTag: \"" + tag + "\"");
    }

    /** Has pods take ten seconds to get ready, which is in time; the new commit. */
    String slowRollOut() throws Exception {
        edit("deployment.yaml", "progressDeadlineSeconds: \\d+", "progressDeadlineSeconds: 120");
        return edit("deployment.yaml", "ready-after: \"1s\"", "ready-after: \"10s\"");
    }

    /** Replaces what matches in a file of its folder; the new commit. */
    String edit(String file, String pattern, String replacement) throws Exception {
        String before = repository.read(path() + "/" + file);
        String after = before.replaceAll(pattern, replacement);
        if (after.equals(before)) {
            throw new IllegalArgumentException(file + " does not hold " + pattern);
        }
        return commit(Map.of(path() + "/" + file, after));
    }

    /** Writes files by their path in the repository; the new commit. */
    String commit(Map<String, String> files) throws Exception {
        String commit = repository.commit(files);
        clone.fetch();
        return commit;
    }

    /** The target as gitops.yaml has it now. */
    Target target() throws RefusedException, IOException {
        return Delivery.load(clone.files(clone.tip().orElseThrow())).target(app, "dev");
    }

    /** What a wait for a commit that set this tag waits for. */
    Expectation expectation(String commit, String tag) throws RefusedException, IOException {
        List<ImageReference> images = List.of(ImageReference.parse(IMAGE + ":" + tag));
        return new Expectation(target(), commit, images, true, Instant.now(), Duration.ZERO);
    }

    /**
     * Begins to wait as {@code gitopsAwaitSync} would. Whenever it is told to be live, the cluster is asked for the image.
     *
     * @param seen what is known of a target
     * @param ended run at its end
     */
    LiveWait await(Expectation expectation, Function<Target, List<Snapshot>> seen, Runnable ended) {
        String tag = expectation.images().get(0).tag();
        return new LiveWait(expectation, clone, seen, () -> whyNotRunning(tag), ended);
    }

    /** Why the image does not run now in all pods of the Deployment; null when it does. */
    String whyNotRunning(String tag) {
        Deployment live = deployment();
        if (live == null) {
            return "there is no Deployment";
        }
        String image = live.getSpec().getTemplate().getSpec().getContainers().get(0).getImage();
        if (!image.equals(IMAGE + ":" + tag)) {
            return "the Deployment has " + image;
        }
        DeploymentStatus status = live.getStatus();
        boolean ready = live.getMetadata().getGeneration().equals(status.getObservedGeneration())
                && live.getSpec().getReplicas().equals(status.getUpdatedReplicas())
                && live.getSpec().getReplicas().equals(status.getAvailableReplicas())
                && live.getSpec().getReplicas().equals(status.getReplicas());
        return ready ? null : "its pods are not ready: " + status;
    }

    Deployment deployment() {
        return LiveCluster.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .get();
    }

    @Override
    public void close() {
        clone.close();
        repository.close();
        LiveCluster.client().namespaces().withName(namespace).delete();
    }
}
