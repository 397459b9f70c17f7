package io.jenkins.plugins.gitops.agent;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.rules.ExternalResource;

/** One application on the real control plane, in a namespace of its own, with an agent that deploys nothing else. */
final class PlaneApplication extends ExternalResource {
    private static final String FOLDER = "clusters/dev/argocd-apps/";

    private final RunningAgent running;
    private final String name = "app-" + UUID.randomUUID().toString().substring(0, 8);
    private String policy = """
              automated: {prune: true, selfHeal: true}
              syncOptions: [CreateNamespace=true]
              retry: {limit: 1, backoff: {duration: 1s, factor: 1}}
            """;

    PlaneApplication() {
        this(() -> ControlPlane.shared().config());
    }

    /** @param cluster how the agent reaches the plane */
    PlaneApplication(Supplier<Config> cluster) {
        running = new RunningAgent(cluster);
    }

    @Override
    protected void before() throws Throwable {
        running.before();
        Map<String, String> files = new HashMap<>();
        files.put(FOLDER + "payments-api.yaml", null);
        files.put(FOLDER + "frontend.yaml", null);
        files.put(FOLDER + "my-app.yaml", null);
        running.repository().commit(files);
    }

    @Override
    protected void after() {
        running.after();
        client().namespaces().withName(name).delete();
    }

    RunningAgent running() {
        return running;
    }

    /** Of the application, and of its namespace. */
    String name() {
        return name;
    }

    KubernetesClient client() {
        return ControlPlane.shared().client();
    }

    /** @param yaml the content of {@code syncPolicy}, indented by two spaces */
    void policy(String yaml) {
        policy = yaml;
    }

    /** Writes manifests by file name, or removes those without a text; the new commit. */
    String commit(Map<String, String> manifests) throws Exception {
        Map<String, String> files = new HashMap<>();
        manifests.forEach((file, text) -> files.put("apps/one/" + file, text));
        files.put(
                FOLDER + "one.yaml",
                """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: %s}
                spec:
                  project: default
                  source: {repoURL: '%s', path: apps/one}
                  destination: {server: https://kubernetes.default.svc, namespace: %s}
                  syncPolicy:
                """.formatted(name, "https://git.example.com/gitops-platform.git", name) + policy.indent(2));
        return running.repository().commit(files);
    }

    /** Commits, starts the agent, and waits for the commit to be live and healthy. */
    void startWith(Map<String, String> manifests) throws Exception {
        String commit = commit(manifests);
        running.start();
        running.awaitLive(name, commit);
    }

    ApplicationStatus await(Predicate<ApplicationStatus> condition) throws Exception {
        return running.await(name, condition);
    }

    ApplicationStatus awaitLive(String commit) throws Exception {
        return running.awaitLive(name, commit);
    }

    /** Waits for the sync of a commit to have failed for good, as Jenkins is told. */
    ApplicationStatus awaitFailed(String commit) throws Exception {
        return await(status -> status.operation() != null
                && status.operation().phase().equals("Failed")
                && status.operation().revision().equals(commit));
    }

    static String configMap(String name, String value) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s}
                data: {value: "%s"}
                """.formatted(name, value);
    }

    String valueOf(String configMap) {
        return client().configMaps()
                .inNamespace(name)
                .withName(configMap)
                .get()
                .getData()
                .get("value");
    }

    /** A quota refuses further ConfigMaps in the namespace, which exists. */
    void forbidConfigMaps() {
        limitConfigMaps(1);
    }

    void allowConfigMaps() {
        limitConfigMaps(100);
    }

    private void limitConfigMaps(int count) {
        ResourceQuota quota = new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("quota")
                .withNamespace(name)
                .endMetadata()
                .withNewSpec()
                .addToHard("count/configmaps", new Quantity(Integer.toString(count)))
                .endSpec()
                .build();
        client().resource(quota).serverSideApply();
        client().resource(quota)
                .waitUntilCondition(
                        q -> q != null
                                && q.getStatus() != null
                                && q.getStatus().getHard() != null
                                && new Quantity(Integer.toString(count))
                                        .equals(q.getStatus().getHard().get("count/configmaps")),
                        60,
                        TimeUnit.SECONDS);
    }
}
