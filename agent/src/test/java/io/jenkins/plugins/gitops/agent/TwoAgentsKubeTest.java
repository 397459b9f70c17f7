package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Two agents of one cluster have an application of the same name: neither changes the other's objects. */
public class TwoAgentsKubeTest {
    private static final String TRACKING = "gitops.jenkins.io/tracking-id";
    private static final String INSTALLATION = "gitops.jenkins.io/installation-id";
    private static final String APPLICATION = "shop";

    @Rule
    public final FreshNamespace namespace = new FreshNamespace();

    @Rule
    public final RunningAgent a =
            RunningAgent.withEmptyRepository("a", () -> ControlPlane.shared().config());

    @Rule
    public final RunningAgent b =
            RunningAgent.withEmptyRepository("b", () -> ControlPlane.shared().config());

    private KubernetesClient client;

    @Before
    public void haveOneApplicationEach() throws Exception {
        client = namespace.client();
        String manifest = new ApplicationYaml(APPLICATION)
                .namespace(namespace.name())
                .syncPolicy("automated: {prune: true, selfHeal: true}\n")
                .toString();
        for (RunningAgent agent : List.of(a, b)) {
            agent.repository().commit(Map.of(ApplicationYaml.file(APPLICATION), manifest));
        }
    }

    @Test
    public void eachAgentPrunesAndHealsOnlyItsOwnObjects() throws Exception {
        a.repository().commit(Map.of("shop/a.yaml", configMap("a", ""), "shop/old.yaml", configMap("old", "")));
        String ofB = b.repository().commit(Map.of("shop/b.yaml", configMap("b", "")));
        a.start();
        b.start();
        a.awaitLive(APPLICATION, a.repository().tip());
        b.awaitLive(APPLICATION, ofB);
        String uid = configMap("b").getMetadata().getUid();

        // Both agents sync with pruning, and by then each has seen the objects that the other applied.
        String withoutOld = a.repository().remove("shop/old.yaml");
        a.awaitLive(APPLICATION, withoutOld);
        String withMore = b.repository().commit(Map.of("shop/more.yaml", configMap("more", "")));
        b.awaitLive(APPLICATION, withMore);
        a.awaitLive(APPLICATION, a.repository().commit(Map.of("README.md", "one more pass")));

        assertThat(configMap("b").getMetadata().getUid(), is(uid));
        assertThat(configMap("a"), is(notNullValue()));
        assertThat(annotation(configMap("a"), INSTALLATION), startsWith("a/"));
        assertThat(annotation(configMap("b"), INSTALLATION), startsWith("b/"));
        assertThat(
                configMap("b").getMetadata().getManagedFields().stream()
                        .map(ManagedFieldsEntry::getManager)
                        .toList(),
                is(List.of("gitops-agent-b")));
    }

    @Test
    public void objectOfAnotherAgentIsAdoptedOnlyOnRequest() throws Exception {
        a.repository().commit(Map.of("shop/c.yaml", configMap("c", "")));
        a.start();
        a.awaitLive(APPLICATION, a.repository().tip());
        String uid = configMap("c").getMetadata().getUid();
        b.repository().commit(Map.of("shop/c.yaml", configMap("c", "").replace("text: one", "text: two")));
        b.start();

        ApplicationStatus refused = b.await(
                APPLICATION,
                status -> status.operation() != null && status.operation().message() != null);
        assertThat(refused.operation().message(), containsString("belongs to application shop of agent a/"));
        assertThat(configMap("c").getData().get("text"), is("one"));

        String adopting = b.repository()
                .commit(Map.of(
                        "shop/c.yaml",
                        configMap("c", ", annotations: {gitops.jenkins.io/adopt-from: a}")
                                .replace("text: one", "text: two")));
        b.awaitLive(APPLICATION, adopting);
        // Before the watch reports the new owner, the object is OutOfSync only because its fields changed.
        a.await(
                APPLICATION,
                status -> status.sync().equals("OutOfSync")
                        && String.valueOf(status.resources().get(0).message()).contains("of agent b/"));

        assertThat(configMap("c").getMetadata().getUid(), is(uid));
        assertThat(configMap("c").getData().get("text"), is("two"));
    }

    @Test
    public void objectsOfAnEarlierVersionMigrateInPlace() throws Exception {
        String manifest = Manifests.deployment("web", "example.com/web:v1");
        apply(manifest, "apps/Deployment", "web");
        apply(configMap("of-another-agent", ""), "/ConfigMap", "of-another-agent");
        client.apps()
                .deployments()
                .inNamespace(namespace.name())
                .withName("web")
                .waitUntilCondition(
                        d -> d != null && d.getStatus().getAvailableReplicas() != null, 60, TimeUnit.SECONDS);
        Deployment before = deployment("web");
        String pod = pod();
        a.repository().commit(Map.of("shop/web.yaml", manifest));
        a.start();

        a.awaitLive(APPLICATION, a.repository().tip());

        Deployment after = deployment("web");
        assertThat(after.getMetadata().getUid(), is(before.getMetadata().getUid()));
        assertThat(annotation(after, INSTALLATION), startsWith("a/"));
        assertThat(
                "the fields of the old field manager are the agent's",
                after.getMetadata().getManagedFields().stream()
                        .map(ManagedFieldsEntry::getManager)
                        .toList(),
                not(hasItem("gitops-agent")));
        assertThat(pod(), is(pod));
        assertThat(configMap("of-another-agent"), is(notNullValue()));
        assertThat(configMap("of-another-agent").getMetadata().getDeletionTimestamp(), is(nullValue()));
    }

    /** Applies an object as agents did before the installation id was introduced. */
    private void apply(String manifest, String kind, String name) {
        var object = client.resource(manifest).item();
        object.getMetadata().setNamespace(namespace.name());
        object.getMetadata()
                .setAnnotations(Map.of(TRACKING, APPLICATION + ":" + kind + ":" + namespace.name() + "/" + name));
        client.resource(object).fieldManager("gitops-agent").forceConflicts().serverSideApply();
    }

    private String pod() {
        return client.pods()
                .inNamespace(namespace.name())
                .list()
                .getItems()
                .get(0)
                .getMetadata()
                .getUid();
    }

    private Deployment deployment(String name) {
        return client.apps()
                .deployments()
                .inNamespace(namespace.name())
                .withName(name)
                .get();
    }

    private ConfigMap configMap(String name) {
        return client.configMaps().inNamespace(namespace.name()).withName(name).get();
    }

    private static String annotation(HasMetadata object, String name) {
        return object.getMetadata().getAnnotations().get(name);
    }

    private static String configMap(String name, String metadata) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s%s}
                data:
                  text: one
                """.formatted(name, metadata);
    }
}
