package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Objects that the API server denies for what the cluster says, not for their manifest: the rest of the commit is applied. */
public class DeniedObjectsKubeTest {
    @Rule
    public final PlaneApplication application = new PlaneApplication();

    @After
    public void allowEverything() {
        application.client().resource(policy()).delete();
        application.client().resource(binding()).delete();
        application.client().resource(webhook()).delete();
    }

    @Test
    public void claimThatCannotBeResizedDoesNotBlockOthers() throws Exception {
        application.startWith(Map.of("claim.yaml", claim("1Gi"), "a.yaml", PlaneApplication.configMap("a", "1")));

        String commit = application.commit(Map.of(
                "claim.yaml", claim("2Gi"), "a.yaml", PlaneApplication.configMap("a", "2"), "cron.yaml", cronJob()));
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(application.valueOf("a"), is("2"));
        assertThat("a kind that is applied after claims", liveCronJob(), is(notNullValue()));
        assertThat(
                failed.operation().message(), startsWith("not everything was applied; PersistentVolumeClaim data: "));
        assertThat(failed.operation().message(), containsString("can be resized"));
        assertThat(failed.resources().get(0).label(), is("PersistentVolumeClaim data"));

        application.awaitLive(application.commit(Map.of("claim.yaml", claim("1Gi"))));
    }

    @Test
    public void driftOfOtherObjectsIsHealedMeanwhile() throws Exception {
        application.startWith(Map.of("claim.yaml", claim("1Gi"), "a.yaml", PlaneApplication.configMap("a", "1")));
        application.awaitFailed(application.commit(Map.of("claim.yaml", claim("2Gi"))));

        application
                .client()
                .configMaps()
                .inNamespace(application.name())
                .withName("a")
                .delete();

        application
                .client()
                .configMaps()
                .inNamespace(application.name())
                .withName("a")
                .waitUntilCondition(map -> map != null, 120, TimeUnit.SECONDS);
    }

    @Test
    public void changeDeniedByAdmissionPolicyDoesNotBlockOthers() throws Exception {
        application.startWith(
                Map.of("a.yaml", PlaneApplication.configMap("a", "1"), "b.yaml", PlaneApplication.configMap("b", "1")));
        application.client().resource(policy()).create();
        application.client().resource(binding()).create();
        awaitDenial(PlaneApplication.configMap("probe", "forbidden"));

        String commit = application.commit(Map.of(
                "a.yaml", PlaneApplication.configMap("a", "forbidden"),
                "b.yaml", PlaneApplication.configMap("b", "2"),
                "c.yaml", PlaneApplication.configMap("c", "forbidden")));
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(application.valueOf("a"), is("1"));
        assertThat(application.valueOf("b"), is("2"));
        assertThat(failed.operation().message(), startsWith("not everything was applied; ConfigMap a: "));
        assertThat(failed.operation().message(), containsString("; ConfigMap c: "));
        assertThat(failed.operation().message(), containsString("this value is not allowed"));

        application.client().resource(binding()).delete();

        application.awaitLive(commit);
        assertThat(application.valueOf("c"), is("forbidden"));
    }

    @Test
    public void newObjectDeniedByQuotaDoesNotBlockOthers() throws Exception {
        createNamespace();
        application.forbidConfigMaps();
        String commit =
                application.commit(Map.of("a.yaml", PlaneApplication.configMap("a", "1"), "cron.yaml", cronJob()));
        application.running().start();
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat("a kind that is applied after ConfigMaps", liveCronJob(), is(notNullValue()));
        assertThat(failed.operation().message(), startsWith("not everything was applied; ConfigMap a: "));
        assertThat(failed.operation().message(), containsString("exceeded quota"));

        application.allowConfigMaps();

        application.awaitLive(commit);
    }

    @Test
    public void objectWithUnreachableWebhookDoesNotBlockOthers() throws Exception {
        application.startWith(Map.of("a.yaml", PlaneApplication.configMap("a", "1"), "cron.yaml", cronJob()));
        application.client().resource(webhook()).create();
        awaitDenial(PlaneApplication.configMap("probe", "1"));

        String commit = application.commit(Map.of(
                "a.yaml",
                PlaneApplication.configMap("a", "2"),
                "cron.yaml",
                cronJob().replace("0 3 ", "0 4 ")));
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(liveCronJob().toString(), containsString("0 4 * * *"));
        assertThat(failed.operation().message(), containsString("failed calling webhook"));

        application.client().resource(webhook()).delete();

        application.awaitLive(commit);
        assertThat(application.valueOf("a"), is("2"));
    }

    /** Admission takes a moment to know a new policy or webhook. */
    private void awaitDenial(String manifest) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (isAccepted(manifest)) {
            assertThat("denied within two minutes", System.nanoTime() < end, is(true));
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean isAccepted(String manifest) {
        try {
            application
                    .client()
                    .resource(manifest)
                    .inNamespace(application.name())
                    .dryRun(true)
                    .create();
            return true;
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private void createNamespace() {
        application
                .client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(application.name())
                        .endMetadata()
                        .build())
                .create();
        // It counts as the first one of a quota.
        application
                .client()
                .configMaps()
                .inNamespace(application.name())
                .withName("kube-root-ca.crt")
                .waitUntilCondition(map -> map != null, 60, TimeUnit.SECONDS);
    }

    private HasMetadata liveCronJob() {
        return application
                .client()
                .batch()
                .v1()
                .cronjobs()
                .inNamespace(application.name())
                .withName("nightly")
                .get();
    }

    private static String claim(String size) {
        return """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data}
                spec:
                  accessModes: [ReadWriteOnce]
                  resources: {requests: {storage: %s}}
                """.formatted(size);
    }

    private static String cronJob() {
        return """
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly}
                spec:
                  schedule: "0 3 * * *"
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          restartPolicy: Never
                          containers: [{name: nightly, image: "example.com/nightly:v1"}]
                """;
    }

    private String policy() {
        return """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %s}
                spec:
                  matchConstraints:
                    resourceRules:
                    - apiGroups: [""]
                      apiVersions: [v1]
                      operations: [CREATE, UPDATE]
                      resources: [configmaps]
                  validations:
                  - expression: "!has(object.data) || !('value' in object.data) || object.data['value'] != 'forbidden'"
                    message: this value is not allowed
                """.formatted(application.name());
    }

    private String binding() {
        return """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec:
                  policyName: %1$s
                  validationActions: [Deny]
                  matchResources:
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                """.formatted(application.name());
    }

    private String webhook() {
        return """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                - name: away.example.com
                  clientConfig: {url: "https://127.0.0.1:9/validate"}
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  failurePolicy: Fail
                  timeoutSeconds: 2
                  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                  rules:
                  - apiGroups: [""]
                    apiVersions: [v1]
                    operations: [CREATE, UPDATE]
                    resources: [configmaps]
                """.formatted(application.name());
    }
}
