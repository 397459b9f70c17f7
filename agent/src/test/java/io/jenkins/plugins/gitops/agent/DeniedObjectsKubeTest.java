package io.jenkins.plugins.gitops.agent;

import static io.jenkins.plugins.gitops.agent.Manifests.claim;
import static io.jenkins.plugins.gitops.agent.Manifests.configMap;
import static io.jenkins.plugins.gitops.agent.Manifests.cronJob;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/**
 * Objects that the API server denies because of cluster state, not because of their manifest: the rest of the commit is
 * applied.
 */
public class DeniedObjectsKubeTest {
    private static final String NIGHTLY = cronJob("nightly", "0 3 * * *");

    @Rule
    public final DeployedApplication application = new DeployedApplication();

    @After
    public void allowEverything() {
        application.client().resource(policy()).delete();
        application.client().resource(binding()).delete();
        application.client().resource(webhook()).delete();
    }

    @Test
    public void claimThatCannotBeResizedDoesNotBlockOthers() throws Exception {
        application.startWith(
                Map.of("claim.yaml", claim("data", "ReadWriteOnce", "1Gi"), "a.yaml", configMap("a", "1")));

        String commit = application.commit(Map.of(
                "claim.yaml",
                claim("data", "ReadWriteOnce", "2Gi"),
                "a.yaml",
                configMap("a", "2"),
                "cron.yaml",
                NIGHTLY));
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(application.valueOf("a"), is("2"));
        assertThat(
                "a kind that is applied after claims",
                application.cronJob("nightly").get(),
                is(notNullValue()));
        assertThat(
                failed.operation().message(), startsWith("not everything was applied; PersistentVolumeClaim data: "));
        assertThat(failed.operation().message(), containsString("can be resized"));
        assertThat(failed.resources().get(0).label(), is("PersistentVolumeClaim data"));

        application.awaitLive(application.commit(Map.of("claim.yaml", claim("data", "ReadWriteOnce", "1Gi"))));
    }

    @Test
    public void driftOfOtherObjectsIsHealedMeanwhile() throws Exception {
        application.startWith(
                Map.of("claim.yaml", claim("data", "ReadWriteOnce", "1Gi"), "a.yaml", configMap("a", "1")));
        application.awaitFailed(application.commit(Map.of("claim.yaml", claim("data", "ReadWriteOnce", "2Gi"))));

        application.configMap("a").delete();

        application.configMap("a").waitUntilCondition(map -> map != null, 120, TimeUnit.SECONDS);
    }

    @Test
    public void changeDeniedByAdmissionPolicyDoesNotBlockOthers() throws Exception {
        application.startWith(Map.of("a.yaml", configMap("a", "1"), "b.yaml", configMap("b", "1")));
        application.client().resource(policy()).create();
        application.client().resource(binding()).create();
        awaitDenial(configMap("probe", "forbidden"));

        String commit = application.commit(Map.of(
                "a.yaml", configMap("a", "forbidden"),
                "b.yaml", configMap("b", "2"),
                "c.yaml", configMap("c", "forbidden")));
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
        application.createNamespace();
        application.forbidConfigMaps();
        String commit = application.commit(Map.of("a.yaml", configMap("a", "1"), "cron.yaml", NIGHTLY));
        application.running().start();
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(
                "a kind that is applied after ConfigMaps",
                application.cronJob("nightly").get(),
                is(notNullValue()));
        assertThat(failed.operation().message(), startsWith("not everything was applied; ConfigMap a: "));
        assertThat(failed.operation().message(), containsString("exceeded quota"));

        application.allowConfigMaps();

        application.awaitLive(commit);
    }

    @Test
    public void objectWithUnreachableWebhookDoesNotBlockOthers() throws Exception {
        application.startWith(Map.of("a.yaml", configMap("a", "1"), "cron.yaml", NIGHTLY));
        application.client().resource(webhook()).create();
        awaitDenial(configMap("probe", "1"));

        String commit =
                application.commit(Map.of("a.yaml", configMap("a", "2"), "cron.yaml", NIGHTLY.replace("0 3 ", "0 4 ")));
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(application.cronJob("nightly").get().toString(), containsString("0 4 * * *"));
        assertThat(failed.operation().message(), containsString("failed calling webhook"));

        application.client().resource(webhook()).delete();

        application.awaitLive(commit);
        assertThat(application.valueOf("a"), is("2"));
    }

    /** Waits until a new policy or webhook is effective, which takes admission a moment. */
    private void awaitDenial(String manifest) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> !isAccepted(manifest));
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
