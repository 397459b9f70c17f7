package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.jenkins.plugins.gitops.agent.cluster.AllowedResources;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** {@code agent/deploy/namespaced}, with a token of its ServiceAccount, which is bound only to Roles. */
public class NamespacedKubeTest {
    private static final String BUDGET = """
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: budget}
            spec: {minAvailable: 1, selector: {matchLabels: {app: none}}}
            """;
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 1
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web, image: "registry.example.com/web:1.0"}]}
            """;

    @Rule
    public final DeployedApplication application = new DeployedApplication(this::config);

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String own = "agent-" + suffix;
    private final String other = "other-" + suffix;
    private final Map<String, String> files = new HashMap<>();

    @Before
    public void install() throws Exception {
        for (String name : new String[] {own, other, application.name()}) {
            administrator()
                    .resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .create();
        }
        administrator()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("gitops-agent")
                        .withNamespace(own)
                        .endMetadata()
                        .build())
                .create();
        for (Map<String, Object> manifest : DeployManifestsTest.namespaced(application.name())) {
            String kind = JsonTree.textOr("", manifest, "kind");
            String namespace = JsonTree.textOr("", manifest, "metadata", "namespace");
            if (kind.startsWith("Role") && !namespace.equals("kube-system")) {
                administrator()
                        .resource(JsonTree.format(manifest)
                                .replace("\"namespace\":\"gitops-agent\"", "\"namespace\":\"" + own + "\""))
                        .create();
            }
        }
        files.put("map.yaml", Manifests.configMap("settings", "1"));
    }

    @After
    public void remove() {
        application.running().stop();
        administrator().namespaces().withName(own).delete();
        administrator().namespaces().withName(other).delete();
        administrator()
                .rbac()
                .roleBindings()
                .inNamespace("kube-system")
                .withName("gitops-agent")
                .delete();
        administrator()
                .rbac()
                .roles()
                .inNamespace("kube-system")
                .withName("gitops-agent")
                .delete();
    }

    @Test
    public void syncsHealsAndPrunesInItsNamespace() throws Exception {
        files.put("deployment.yaml", DEPLOYMENT);
        files.put("more.yaml", Manifests.configMap("more", "1"));
        start(application.commit(files));
        assertThat(
                "its ConfigMap",
                administrator().configMaps().inNamespace(own).list().getItems().stream()
                        .anyMatch(map -> map.getMetadata().getName().startsWith("gitops-agent-identity-")),
                is(true));
        assertThat(
                application.running().progress(),
                hasItem(containsString("cannot read the uid of namespace kube-system")));

        administrator()
                .configMaps()
                .inNamespace(application.name())
                .withName("settings")
                .edit(map -> {
                    map.getData().put("value", "by hand");
                    return map;
                });
        application.await(s ->
                s.sync().equals("Synced") && application.valueOf("settings").equals("1"));

        files.put("more.yaml", null);
        application.awaitLive(application.commit(files));
        assertThat(map("more"), is(nullValue()));
    }

    /** Covers a kind that no manifest uses any more. */
    @Test
    public void prunesObjectsRemovedFromGitWhileTheAgentWasDown() throws Exception {
        files.put("budget.yaml", BUDGET);
        start(application.commit(files));
        application.running().stop();
        files.put("budget.yaml", null);
        String removal = application.commit(files);
        // Such an agent identifies the cluster only by the agent's name.
        start(removal);

        application.running().awaitLine(line -> line.contains("pruned PodDisruptionBudget budget"));
        assertThat(
                administrator()
                        .policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(application.name())
                        .withName("budget")
                        .get(),
                is(nullValue()));
    }

    @Test
    public void otherNamespaceFailsWithAClearMessage() throws Exception {
        files.put(
                "stray.yaml",
                Manifests.configMap("stray", "1").replace("metadata: {", "metadata: {namespace: " + other + ", "));
        String commit = application.commit(files);
        application.running().start(only(application.name()));

        ApplicationStatus failed = application.awaitFailed(commit);

        assertThat(
                failed.operation().message(),
                allOf(
                        containsString("nothing was applied"),
                        containsString("ConfigMap stray: not permitted: namespace " + other
                                + " is not in allowedNamespaces in agent.yaml")));
        assertThat(map("settings"), is(nullValue()));
        files.put("stray.yaml", null);
        application.awaitLive(application.commit(files));
        assertThat(map("settings"), is(notNullValue()));
    }

    @Test
    public void allowedNamespaceWithoutARoleDoesNotBlockOtherApplications() throws Exception {
        application.commit(files);
        String manifest = application.running().repository().read("clusters/dev/argocd-apps/one.yaml");
        String commit = application
                .running()
                .repository()
                .commit(Map.of(
                        "clusters/dev/argocd-apps/two.yaml",
                        manifest.replace(application.name(), other).replace("apps/one", "apps/two"),
                        "apps/two/map.yaml",
                        Manifests.configMap("settings", "1")));
        application.running().start(only(application.name(), other));

        application.awaitLive(commit);
        ApplicationStatus unknown = application
                .running()
                .await(
                        other,
                        s -> s.sync().equals("Unknown")
                                && String.valueOf(s.message()).contains("forbidden"));

        assertThat(
                unknown.message(),
                allOf(containsString("configmaps is forbidden"), containsString("in the namespace \"" + other + "\"")));
    }

    /** No Role can grant listing namespaces. */
    @Test
    public void manifestOfTheNamespaceNeedsMoreThanARole() throws Exception {
        files.put("namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + application.name() + "}\n");
        application.commit(files);
        application.running().start(only(application.name()));

        ApplicationStatus unknown = application.await(
                s -> s.sync().equals("Unknown") && String.valueOf(s.message()).contains("forbidden"));

        assertThat(unknown.message(), containsString("cannot list namespaces: namespaces is forbidden"));
        assertThat(map("settings"), is(nullValue()));
    }

    @Test
    public void uidOfTheClusterCanBeReadByARole() throws Exception {
        try (KubernetesClient agent =
                new KubernetesClientBuilder().withConfig(config()).build()) {
            for (Map<String, Object> manifest : DeployManifestsTest.namespaced(application.name())) {
                if ("kube-system".equals(JsonTree.text(manifest, "metadata", "namespace"))) {
                    administrator()
                            .resource(JsonTree.format(manifest)
                                    .replace("\"namespace\":\"gitops-agent\"", "\"namespace\":\"" + own + "\""))
                            .serverSideApply();
                }
            }
            assertThat(agent.namespaces().withName("kube-system").get(), is(notNullValue()));
        }
    }

    private void start(String commit) throws Exception {
        application.running().start(only(application.name()));
        application.awaitLive(commit);
    }

    private static AllowedResources only(String... namespaces) {
        return new AllowedResources(Set.of(namespaces), Set.of(), Set.of(), Set.of());
    }

    private Object map(String name) {
        return administrator()
                .configMaps()
                .inNamespace(application.name())
                .withName(name)
                .get();
    }

    private static KubernetesClient administrator() {
        return ControlPlane.shared().client();
    }

    private Config config() {
        return ControlPlane.shared().config(own, "gitops-agent");
    }
}
