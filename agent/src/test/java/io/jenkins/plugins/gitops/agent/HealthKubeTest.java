package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Health of kinds whose status real controllers write, and of custom kinds whose status the API server stores. */
public class HealthKubeTest {
    @Rule
    public final RunningAgent running =
            RunningAgent.withEmptyRepository(() -> ControlPlane.shared().config());

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String namespace = "health-" + suffix;
    private final String application = "shop-" + suffix;
    private final Map<String, String> files = new HashMap<>();
    private KubernetesClient client;

    @Before
    public void addApplication() {
        client = ControlPlane.shared().client();
        files.put(ApplicationYaml.file(application), application().toString());
    }

    @After
    public void deleteTheNamespace() {
        running.stop();
        client.namespaces().withName(namespace).delete();
    }

    @Test
    public void customResourceHealthComesFromConditions() throws Exception {
        define("argoproj.io", "v1alpha1", "Rollout", "rollouts");
        define("cert-manager.io", "v1", "Certificate", "certificates");
        define("example.com", "v1", "Gizmo", "gizmos");
        files.put(
                "shop/certificate.yaml",
                object("cert-manager.io/v1", "Certificate", "web") + "spec: {secretName: a}\n");
        files.put("shop/gizmo.yaml", object("example.com/v1", "Gizmo", "plain") + "spec: {size: 1}\n");
        files.put("shop/rollout.yaml", object("argoproj.io/v1alpha1", "Rollout", "web") + "spec: {replicas: 1}\n");
        commit();
        running.start();

        ApplicationStatus waiting = running.await(
                application, s -> s.sync().equals("Synced") && s.health().equals("Progressing"));
        assertThat(resource(waiting, "Certificate").message(), is("waiting for the certificate"));
        assertThat(resource(waiting, "Rollout").message(), containsString("has not observed"));
        assertThat(waiting.conditions().get(0).type(), is("UnknownHealthWarning"));
        assertThat(waiting.conditions().get(0).message(), containsString("the health of Gizmo plain is not known"));

        setStatus("cert-manager.io", "v1", "Certificate", "certificates", "web", ready());
        setStatus(
                "argoproj.io",
                "v1alpha1",
                "Rollout",
                "rollouts",
                "web",
                Map.of("observedGeneration", "1", "phase", "Healthy"));
        running.await(application, s -> s.health().equals("Healthy"));

        setStatus(
                "example.com",
                "v1",
                "Gizmo",
                "gizmos",
                "plain",
                Map.of("conditions", List.of(Map.of("type", "Ready", "status", "False", "reason", "Creating"))));
        ApplicationStatus creating = running.await(application, s -> s.health().equals("Progressing"));
        assertThat(resource(creating, "Gizmo").message(), is("Ready is False: Creating"));
        assertThat(creating.conditions(), is(List.of()));

        setStatus(
                "argoproj.io",
                "v1alpha1",
                "Rollout",
                "rollouts",
                "web",
                Map.of("observedGeneration", "1", "phase", "Degraded", "message", "RolloutAborted: analysis failed"));
        ApplicationStatus degraded = running.await(application, s -> s.health().equals("Degraded"));
        assertThat(resource(degraded, "Rollout").message(), is("RolloutAborted: analysis failed"));
    }

    @Test
    public void builtInKindsSayWhatTheyWaitFor() throws Exception {
        files.put("shop/hpa.yaml", object("autoscaling/v2", "HorizontalPodAutoscaler", "web") + """
                spec:
                  maxReplicas: 3
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: none-such}
                """);
        files.put("shop/budget.yaml", object("policy/v1", "PodDisruptionBudget", "web") + """
                spec: {minAvailable: 1, selector: {matchLabels: {app: none}}}
                """);
        files.put("shop/cron.yaml", object("batch/v1", "CronJob", "nightly") + """
                spec:
                  schedule: "0 3 * * *"
                  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "example.com/j:v1"}]}}}}
                """);
        String group = "g" + suffix + ".example.com";
        files.put(
                "shop/service.yaml",
                object("apiregistration.k8s.io/v1", "APIService", "v1." + group) + """
                spec:
                  group: %s
                  version: v1
                  groupPriorityMinimum: 100
                  versionPriority: 100
                  insecureSkipTLSVerify: true
                  service: {name: none, namespace: %s}
                """.formatted(group, namespace));
        files.put("shop/definition.yaml", Manifests.customResourceDefinition(group, "v1", "Gadget", "gadgets"));
        commit();
        running.start();
        try {
            ApplicationStatus status = running.await(
                    application,
                    s -> s.sync().equals("Synced")
                            && s.resources().size() == 2
                            && message(s, "APIService").contains("ServiceNotFound")
                            && message(s, "HorizontalPodAutoscaler").contains("FailedGetScale"));
            // Its controller retries, so this is not a failure yet.
            assertThat(resource(status, "HorizontalPodAutoscaler").health(), is("Progressing"));
            assertThat(resource(status, "APIService").health(), is("Progressing"));
            assertThat(status.conditions(), is(List.of()));
        } finally {
            running.stop();
            client.genericKubernetesResources("apiregistration.k8s.io/v1", "APIService")
                    .withName("v1." + group)
                    .delete();
            client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName("gadgets." + group)
                    .delete();
        }
    }

    @Test
    public void quotaThatPreventsPodsIsReported() throws Exception {
        files.put("shop/quota.yaml", object("v1", "ResourceQuota", "none") + "spec: {hard: {pods: \"0\"}}\n");
        files.put("shop/web.yaml", deployment("web", "example.com/a:v1", ""));
        commit();
        running.start();

        ApplicationStatus status = running.await(
                application,
                s -> s.health().equals("Progressing")
                        && message(s, "Deployment").contains("exceeded quota"));

        assertThat(message(status, "Deployment"), containsString("exceeded quota: none"));
    }

    @Test
    public void ignoredHealthDoesNotCount() throws Exception {
        files.put(
                "shop/web.yaml",
                deployment("web", "example.com/a:broken", "argocd.argoproj.io/ignore-healthcheck: \"true\""));
        commit();
        running.start();

        ApplicationStatus status = running.await(
                application,
                s -> s.sync().equals("Synced") && message(s, "Deployment").contains("ProgressDeadlineExceeded"));

        assertThat(status.health(), is("Healthy"));
        assertThat(resource(status, "Deployment").health(), is(nullValue()));
        assertThat(message(status, "Deployment"), containsString("health does not count"));
    }

    @Test
    public void skippedApplicationIsNotSyncedUntilTheAnnotationIsRemoved() throws Exception {
        files.put("shop/a.yaml", object("v1", "ConfigMap", "a") + "data: {a: b}\n");
        files.put(
                ApplicationYaml.file(application),
                application()
                        .annotation("argocd.argoproj.io/skip-reconcile", "true")
                        .toString());
        commit();
        running.start();

        ApplicationStatus skipped = running.await(application, s -> s.details().blocked() != null);
        assertThat(skipped.sync(), is("Unknown"));
        assertThat(skipped.message(), containsString("argocd.argoproj.io/skip-reconcile"));
        assertThat(client.namespaces().withName(namespace).get(), is(nullValue()));

        files.put(ApplicationYaml.file(application), application().toString());
        running.awaitLive(application, commit());
        assertThat(map("a"), is(not(nullValue())));
    }

    @Test
    public void folderThatRendersNothingIsAnErrorAndNothingIsDeleted() throws Exception {
        files.put("shop/a.yaml", object("v1", "ConfigMap", "a") + "data: {a: b}\n");
        String first = commit();
        running.start();
        running.awaitLive(application, first);
        files.put("shop/a.yaml", null);
        files.put("shop/base/a.yaml", object("v1", "ConfigMap", "a") + "data: {a: b}\n");
        String second = commit();

        ApplicationStatus refused = running.await(application, s -> s.sync().equals("Unknown"));

        assertThat(refused.conditions().get(0).type(), is("ComparisonError"));
        assertThat(refused.conditions().get(0).revision(), is(second));
        assertThat(refused.message(), containsString("in subfolders only (base)"));
        assertThat(map("a"), is(not(nullValue())));
    }

    private Object map(String name) {
        return client.configMaps().inNamespace(namespace).withName(name).get();
    }

    private String commit() throws Exception {
        return running.repository().commit(files);
    }

    private static ResourceStatus resource(ApplicationStatus status, String kind) {
        return status.resources().stream()
                .filter(r -> r.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " in " + status));
    }

    /** Returns the message for a kind; empty if the kind is not reported or has no message. */
    private static String message(ApplicationStatus status, String kind) {
        return status.resources().stream()
                .filter(r -> r.kind().equals(kind) && r.message() != null)
                .map(ResourceStatus::message)
                .findFirst()
                .orElse("");
    }

    private static void define(String group, String version, String kind, String plural) {
        ControlPlane.shared().define(Manifests.customResourceDefinition(group, version, kind, plural));
    }

    private static Map<String, Object> ready() {
        return Map.of("conditions", List.of(Map.of("type", "Ready", "status", "True", "observedGeneration", 1)));
    }

    private void setStatus(
            String group, String version, String kind, String plural, String name, Map<String, Object> status) {
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
        client.genericKubernetesResources(context)
                .inNamespace(namespace)
                .withName(name)
                .editStatus(live -> {
                    GenericKubernetesResource edited = live;
                    edited.setAdditionalProperty("status", status);
                    return edited;
                });
    }

    private static String deployment(String name, String image, String annotation) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, annotations: {%3$s}}
                spec:
                  progressDeadlineSeconds: 3
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec: {containers: [{name: c, image: "%2$s"}]}
                """.formatted(name, image, annotation);
    }

    private ApplicationYaml application() {
        return new ApplicationYaml(application).path("shop").namespace(namespace);
    }

    private static String object(String apiVersion, String kind, String name) {
        return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: " + name + "}\n";
    }
}
