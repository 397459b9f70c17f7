package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.notNullValue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.testkit.TcpFaultProxy;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Objects that were removed from Git while no agent was running are found, for any kind and after API server outages.
 */
public class LeftoverKubeTest {
    @Rule
    public final RunningAgent running = RunningAgent.withEmptyRepository(this::throughTheProxy);

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String application = "left-" + suffix;
    private final String group = "left-" + suffix + ".example.com";
    private final Map<String, String> files = new HashMap<>();
    private TcpFaultProxy proxy;
    private KubernetesClient client;

    private Config throughTheProxy() {
        Config config = ControlPlane.shared().config();
        config.setMasterUrl("https://127.0.0.1:" + proxy.port() + "/");
        return config;
    }

    @Before
    public void followOneApplication() throws Exception {
        client = ControlPlane.shared().client();
        proxy = new TcpFaultProxy(
                URI.create(client.getConfiguration().getMasterUrl()).getPort());
        files.put(
                ApplicationYaml.file("left"),
                new ApplicationYaml(application).path("left").toString());
        files.put("left/a.yaml", Manifests.configMap("a", "1"));
    }

    @After
    public void end() throws Exception {
        running.stop();
        proxy.close();
        client.namespaces().withName(application).delete();
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("widgets." + group)
                .delete();
    }

    @Test
    public void leftoversAreFoundAfterApiServerWasUnreachableAtStart() throws Exception {
        files.put("left/p.yaml", """
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: p}
                spec: {minAvailable: 1, selector: {matchLabels: {app: none}}}
                """);
        startAndAwait();
        running.stop();
        files.put("left/p.yaml", null);
        String removal = running.repository().commit(files);
        Resource<?> budget = client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(application)
                .withName("p");
        assertThat(budget.get(), notNullValue());
        proxy.refuse();
        running.start();
        running.await(application, s -> s.sync().equals("Unknown"));

        proxy.restore();

        budget.waitUntilCondition(Objects::isNull, 120, TimeUnit.SECONDS);
        running.awaitLive(application, removal);
    }

    @Test
    public void leftoversOfCustomKindsAreFound() throws Exception {
        ControlPlane.shared().define(Manifests.customResourceDefinition(group, "v1", "Widget", "widgets"));
        files.put("left/w.yaml", Manifests.object(group + "/v1", "Widget", "w", "spec: {}\n"));
        startAndAwait();
        running.stop();
        files.put("left/w.yaml", null);
        running.repository().commit(files);
        Resource<? extends HasMetadata> widget = widget();
        assertThat(widget.get(), notNullValue());

        running.start();

        widget.waitUntilCondition(Objects::isNull, 120, TimeUnit.SECONDS);
    }

    private Resource<GenericKubernetesResource> widget() {
        return client.genericKubernetesResources(group + "/v1", "Widget")
                .inNamespace(application)
                .withName("w");
    }

    private void startAndAwait() throws Exception {
        String tip = running.repository().commit(files);
        running.start();
        running.await(application, s -> s.sync().equals("Synced") && tip.equals(s.syncedRevision()));
    }
}
