package io.jenkins.plugins.gitops.agent;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.rules.ExternalResource;

/** One application on the control plane, in a separate namespace, with an agent that deploys nothing else. */
final class DeployedApplication extends ExternalResource {
    private final RunningAgent running;
    private final String name = "app-" + UUID.randomUUID().toString().substring(0, 8);
    private String syncPolicy = ApplicationYaml.AUTOMATED + "retry: {limit: 1, backoff: {duration: 1s, factor: 1}}\n";

    /** Gives the agent the permissions of an administrator. */
    DeployedApplication() {
        this(() -> ControlPlane.shared().config());
    }

    /**
     * Uses a given connection.
     *
     * @param cluster how the agent connects to the control plane
     */
    DeployedApplication(Supplier<Config> cluster) {
        running = RunningAgent.withEmptyRepository(cluster);
    }

    @Override
    protected void before() throws Throwable {
        running.before();
    }

    @Override
    protected void after() {
        running.after();
        client().namespaces().withName(name).delete();
    }

    RunningAgent running() {
        return running;
    }

    /** Returns the name of the application, which is also that of its namespace. */
    String name() {
        return name;
    }

    /** Returns the administrator's client. */
    KubernetesClient client() {
        return ControlPlane.shared().client();
    }

    /** Sets the sync policy, effective from the next commit; see {@link ApplicationYaml#syncPolicy}. */
    void syncPolicy(String yaml) {
        syncPolicy = yaml;
    }

    /** Writes manifests by file name, or removes those whose text is null. Returns the new commit. */
    String commit(Map<String, String> manifests) throws Exception {
        Map<String, String> files = new HashMap<>();
        manifests.forEach((file, text) -> files.put("apps/one/" + file, text));
        files.put(
                ApplicationYaml.file("one"),
                new ApplicationYaml(name)
                        .path("apps/one")
                        .syncPolicy(syncPolicy)
                        .toString());
        return running.repository().commit(files);
    }

    /** Commits, starts the agent, and waits until the commit is live and healthy. */
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

    /** Waits until the sync of a commit has failed after its last retry. */
    ApplicationStatus awaitFailed(String commit) throws Exception {
        return await(status -> status.operation() != null
                && status.operation().phase().equals("Failed")
                && status.operation().revision().equals(commit));
    }

    Resource<ConfigMap> configMap(String configMap) {
        return client().configMaps().inNamespace(name).withName(configMap);
    }

    /** Returns the value of a ConfigMap made by {@link Manifests#configMap}. */
    String valueOf(String configMap) {
        return configMap(configMap).get().getData().get("value");
    }

    Resource<Job> job(String job) {
        return client().batch().v1().jobs().inNamespace(name).withName(job);
    }

    Resource<CronJob> cronJob(String cronJob) {
        return client().batch().v1().cronjobs().inNamespace(name).withName(cronJob);
    }

    /** Creates the namespace before the agent does, with the ConfigMap that Kubernetes adds to each namespace. */
    void createNamespace() {
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        configMap("kube-root-ca.crt").waitUntilCondition(Objects::nonNull, 60, TimeUnit.SECONDS);
    }

    /** Sets a quota that denies further ConfigMaps in the namespace, which must exist. */
    void forbidConfigMaps() {
        // The ConfigMap that Kubernetes adds counts as well.
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
