package io.jenkins.plugins.gitops.agent;

import static io.jenkins.plugins.gitops.agent.Manifests.claim;
import static io.jenkins.plugins.gitops.agent.Manifests.configMap;
import static io.jenkins.plugins.gitops.agent.Manifests.cronJob;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/**
 * Changes that the API server never allows: they affect only their object, and are made by replacement if Git requests
 * it.
 */
public class ImmutableFieldsKubeTest {
    private static final String REPLACE = "annotations: {argocd.argoproj.io/sync-options: Replace=true}";

    @Rule
    public final DeployedApplication application = new DeployedApplication();

    @Test
    public void changedJobDoesNotBlockOthers() throws Exception {
        application.startWith(Map.of("job.yaml", job("v1", ""), "a.yaml", configMap("a", "1")));
        String uid = application.job("migrate").get().getMetadata().getUid();

        String commit = application.commit(Map.of(
                "job.yaml", job("v2", ""),
                "a.yaml", configMap("a", "2"),
                "cron.yaml", cronJob("nightly", "0 3 * * *")));
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(application.valueOf("a"), is("2"));
        assertThat(
                "a kind that is applied after Jobs",
                application.cronJob("nightly").get(),
                is(notNullValue()));
        assertThat(application.job("migrate").get().getMetadata().getUid(), is(uid));
        assertThat(failed.sync(), is("OutOfSync"));
        String message = failed.operation().message();
        assertThat(message, startsWith("not everything was applied; Job migrate: Job.batch \"migrate\" is invalid"));
        assertThat(
                message,
                containsString("field is immutable; change it back in Git, or annotate the resource with"
                        + " argocd.argoproj.io/sync-options: Replace=true"));
        assertThat(failed.resources().get(0).label(), is("Job migrate"));
        assertThat(failed.resources().get(0).message(), containsString("field is immutable"));

        application.awaitLive(application.commit(Map.of("job.yaml", job("v1", ""))));
    }

    @Test
    public void jobIsReplacedWhenAnnotated() throws Exception {
        application.startWith(Map.of("job.yaml", job("v1", REPLACE)));
        String uid = application.job("migrate").get().getMetadata().getUid();

        application.awaitLive(application.commit(Map.of("job.yaml", job("v2", REPLACE))));

        Job replaced = application.job("migrate").get();
        assertThat(replaced.getMetadata().getUid(), is(not(uid)));
        assertThat(
                replaced.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getImage(),
                is("example.com/migrate:v2"));
        application.running().awaitLine(line -> line.contains("deleting Job migrate to create it again"));
    }

    @Test
    public void otherImmutableFieldsAreRejectedInFullAndTheRestIsApplied() throws Exception {
        application.startWith(Map.of(
                "web.yaml", deployment("one"),
                "web-service.yaml", service(""),
                "claim.yaml", claim("data", "ReadWriteOnce", "1Gi"),
                "fixed.yaml", configMap("fixed", "1") + "immutable: true\n",
                "a.yaml", configMap("a", "1")));

        String commit = application.commit(Map.of(
                "web.yaml", deployment("two"),
                "web-service.yaml", service("  clusterIP: 10.0.200.200\n"),
                "claim.yaml", claim("data", "ReadWriteMany", "1Gi"),
                "fixed.yaml", configMap("fixed", "2") + "immutable: true\n",
                "a.yaml", configMap("a", "2")));
        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(application.valueOf("a"), is("2"));
        assertThat(application.valueOf("fixed"), is("1"));
        assertThat(message(failed, "ConfigMap fixed"), containsString("field is immutable when `immutable` is set"));
        assertThat(message(failed, "Deployment web"), containsString("field is immutable"));
        assertThat(
                message(failed, "PersistentVolumeClaim data"),
                allOf(containsString("spec is immutable after creation"), endsWith("delete its data")));
        assertThat(message(failed, "Service web"), containsString("may not change once set"));
    }

    @Test
    public void replacedStatefulSetKeepsItsPodsAndClaims() throws Exception {
        application.startWith(Map.of("db.yaml", statefulSet("1Gi", REPLACE)));
        String set = uidOfStatefulSet();
        String pod = uidOfPod();

        application.awaitLive(application.commit(Map.of("db.yaml", statefulSet("2Gi", REPLACE))));

        assertThat(uidOfStatefulSet(), is(not(set)));
        assertThat(uidOfPod(), is(pod));
    }

    private String uidOfStatefulSet() {
        return application
                .client()
                .apps()
                .statefulSets()
                .inNamespace(application.name())
                .withName("db")
                .get()
                .getMetadata()
                .getUid();
    }

    private String uidOfPod() {
        return application
                .client()
                .pods()
                .inNamespace(application.name())
                .withName("db-0")
                .get()
                .getMetadata()
                .getUid();
    }

    private static String message(ApplicationStatus status, String label) {
        return status.resources().stream()
                .filter(r -> r.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError(label + " is not in " + status.resources()))
                .message();
    }

    private static String job(String tag, String metadata) {
        return Manifests.job("migrate", "example.com/migrate:" + tag, "")
                .replace("metadata: {name: migrate}\n", "metadata:\n  name: migrate\n  " + metadata + "\n");
    }

    private static String deployment(String label) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      containers: [{name: web, image: "example.com/web:v1"}]
                """.formatted(label);
    }

    private static String service(String address) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                %s  selector: {app: web}
                  ports: [{port: 80}]
                """.formatted(address);
    }

    private static String statefulSet(String size, String metadata) {
        return """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata:
                  name: db
                  %s
                spec:
                  serviceName: db
                  replicas: 1
                  selector: {matchLabels: {app: db}}
                  template:
                    metadata: {labels: {app: db}}
                    spec:
                      containers: [{name: db, image: "example.com/db:v1"}]
                  volumeClaimTemplates:
                  - metadata: {name: data}
                    spec:
                      accessModes: [ReadWriteOnce]
                      resources: {requests: {storage: %s}}
                """.formatted(metadata, size);
    }
}
