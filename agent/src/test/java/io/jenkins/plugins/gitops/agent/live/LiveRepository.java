package io.jenkins.plugins.gitops.agent.live;

import io.jenkins.plugins.gitops.agent.TestRepository;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A config repository on a Git server with one environment, the clone of Jenkins, and a namespace for the workloads of
 * its applications.
 */
final class LiveRepository implements AutoCloseable {
    /** The image of all applications, with {@value #FIRST_TAG} at first. */
    static final String IMAGE = "ghcr.io/acme/web";

    static final String FIRST_TAG = "1.0";

    private static final String DELIVERY = """
            apiVersion: gitops.jenkins.io/v1alpha1
            kind: Delivery
            applications:
            - path: apps/{app}/{env}
            environments:
            - name: dev
              agent: %s
            """;
    private static final String KUSTOMIZATION = """
            namespace: %s
            resources:
            - deployment.yaml
            images:
            - name: %s
              newTag: "%s"
            """;
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s}
            spec:
              replicas: %2$d
              progressDeadlineSeconds: 600
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata:
                  labels: {app: %1$s}
                  annotations: {gitops.test/ready-after: "1s"}
                spec:
                  containers:
                  - {name: web, image: ghcr.io/acme/web}
            """;

    private final TestRepository repository;
    private final ConfigRepository clone;
    private final String namespace;

    private LiveRepository(TestRepository repository, ConfigRepository clone, String namespace) {
        this.repository = repository;
        this.clone = clone;
        this.namespace = namespace;
    }

    /**
     * Creates the repository; no agent deploys it yet.
     *
     * @param folder an existing folder that nothing else uses
     * @param apps names of the applications; each has a Deployment of its name
     * @param agent the value of {@code agent} for the environment in gitops.yaml
     */
    static LiveRepository create(Path folder, List<String> apps, String agent) throws Exception {
        String namespace = FreshNamespace.create(apps.get(0) + "-");
        Map<String, String> files = new HashMap<>();
        files.put("gitops.yaml", DELIVERY.formatted(agent));
        for (String app : apps) {
            files.put(file(app, "deployment.yaml"), DEPLOYMENT.formatted(app, apps.size() == 1 ? 2 : 1));
            files.put(file(app, "kustomization.yaml"), KUSTOMIZATION.formatted(namespace, IMAGE, FIRST_TAG));
        }
        TestRepository repository = TestRepository.of(Files.createDirectories(folder.resolve("repositories")), files);
        ConfigRepository clone = ConfigRepository.open(
                folder.resolve("clone"), repository.url(), "main", "", GitCredentials.ANONYMOUS, Runnable::run);
        clone.fetch();
        return new LiveRepository(repository, clone, namespace);
    }

    /** Returns the folder of an application. */
    static String path(String app) {
        return "apps/" + app + "/dev";
    }

    static String file(String app, String name) {
        return path(app) + "/" + name;
    }

    String url() {
        return repository.url();
    }

    /** Returns the newest commit. */
    String tip() throws IOException {
        return repository.tip();
    }

    /** Returns the clone of Jenkins. */
    ConfigRepository local() {
        return clone;
    }

    /** Returns the namespace of its workloads. */
    String namespace() {
        return namespace;
    }

    String read(String file) throws IOException {
        return repository.read(file);
    }

    /** Sets the image of these applications in one commit. Returns the commit. */
    String setTag(List<String> apps, String tag) throws Exception {
        Map<String, String> files = new HashMap<>();
        for (String app : apps) {
            String file = file(app, "kustomization.yaml");
            files.put(file, read(file).replaceAll("newTag: \"[^\"]*\"", "newTag: \"" + tag + "\""));
        }
        return commit(files);
    }

    /**
     * Writes files by their path in the repository and fetches them into the clone of Jenkins. Returns the new commit.
     */
    String commit(Map<String, String> files) throws Exception {
        String commit = repository.commit(files);
        clone.fetch();
        return commit;
    }

    @Override
    public void close() {
        clone.close();
        repository.close();
        LiveCluster.client().namespaces().withName(namespace).delete();
    }
}
