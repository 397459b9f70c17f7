package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;

/** {@code agent/deploy/read-only}, with a token of its ServiceAccount. */
public class ReadOnlyKubeTest {
    private static final long TIMEOUT_SECONDS = 120;
    /** Differs from {@code gitops-agent}, since other tests on the same plane create roles of that name. */
    private static final String NAME =
            "read-only-" + UUID.randomUUID().toString().substring(0, 8);

    private static final String VIEWER = "viewer";
    private static final Set<String> INSTALLED = Set.of(
            "Namespace",
            "ServiceAccount",
            "ClusterRole",
            "ClusterRoleBinding",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding");

    private Supplier<Config> account = () -> ControlPlane.shared().config();

    @Rule
    public final DeployedApplication application = new DeployedApplication(() -> account.get());

    @BeforeClass
    public static void install() throws Exception {
        for (Map<String, Object> manifest : DeployManifestsTest.readOnly()) {
            if (INSTALLED.contains(JsonTree.text(manifest, "kind"))) {
                administrator()
                        .resource(JsonTree.format(manifest)
                                .replace("gitops-agent", NAME)
                                .replace("aggregate-to-agent", "aggregate-to-" + NAME))
                        .serverSideApply();
            }
        }
        administrator()
                .rbac()
                .clusterRoles()
                .withName(NAME)
                .waitUntilCondition(
                        role -> role != null && !role.getRules().isEmpty(), TIMEOUT_SECONDS, TimeUnit.SECONDS);
        try (KubernetesClient agent = client(NAME)) {
            awaitPolicy(agent);
        }
    }

    @AfterClass
    public static void remove() {
        administrator().namespaces().withName(NAME).delete();
        administrator()
                .admissionRegistration()
                .v1()
                .validatingAdmissionPolicyBindings()
                .withName(NAME + "-read-only")
                .delete();
        administrator()
                .admissionRegistration()
                .v1()
                .validatingAdmissionPolicies()
                .withName(NAME + "-read-only")
                .delete();
        administrator().rbac().clusterRoleBindings().withName(NAME).delete();
        administrator().rbac().clusterRoles().withName(NAME).delete();
        administrator().rbac().clusterRoles().withName(NAME + "-common").delete();
    }

    @After
    public void stop() {
        application.running().stop();
    }

    private static KubernetesClient administrator() {
        return ControlPlane.shared().client();
    }

    /** Waits until the policy is effective, which takes some moments after it was stored. */
    private static void awaitPolicy(KubernetesClient agent) {
        administrator().resource(configMap("probe")).inNamespace(NAME).create();
        Awaitility.await().atMost(Duration.ofSeconds(TIMEOUT_SECONDS)).until(() -> {
            try {
                patch(agent, NAME, "probe");
                return false;
            } catch (KubernetesClientException e) {
                return e.getMessage().contains("denied request");
            }
        });
    }

    private static Config config(String serviceAccount) {
        return ControlPlane.shared().config(NAME, serviceAccount);
    }

    private static KubernetesClient client(String serviceAccount) {
        return new KubernetesClientBuilder().withConfig(config(serviceAccount)).build();
    }

    @Test
    public void driftIsReportedAndNothingIsWritten() throws Exception {
        deployTwo();
        ConfigMap a = get("a");
        administrator()
                .resource(new ConfigMapBuilder(a).addToData("value", "by hand").build())
                .inNamespace(application.name())
                .update();
        administrator()
                .resource(configMap("found"))
                .inNamespace(application.name())
                .create();
        String tip = application.commit(Map.of(
                "found.yaml", Manifests.configMap("found", "1"),
                "new.yaml", Manifests.configMap("new", "1")));
        application.running().repository().remove("apps/one/b.yaml");
        Map<String, String> before = versions();

        account = () -> config(NAME);
        application.running().start(application.running().config(null), AgentMode.DRY_RUN);
        ApplicationStatus status = application.await(
                s -> s.message() != null && s.message().contains("prune") && !tip.equals(s.comparedRevision()));

        assertThat(status.sync(), is("OutOfSync"));
        assertThat(status.message(), is("would apply 3 objects (1 adopted), prune 1"));
        assertThat(
                status.resources().stream()
                        .map(r -> r.label() + ": " + r.message())
                        .sorted()
                        .toList(),
                is(List.of(
                        "ConfigMap a: would be changed: changed by fabric8-kubernetes-client: .data.value",
                        "ConfigMap b: no longer in Git; would be pruned",
                        "ConfigMap found: exists, applied by no Application; would be adopted",
                        "ConfigMap new: would be created")));
        assertThat(status.operation(), is(nullValue()));
        assertThat(versions(), is(before));
        assertThat(
                "nothing is remembered in the namespace of the agent",
                names(administrator().configMaps().inNamespace(NAME).list().getItems()),
                everyItem(not(containsString("identity"))));

        try (Agent once = new Agent(application.running().config(null), AgentMode.STATUS, config(NAME), l -> {})) {
            assertThat(once.reconcileOnce().get(0).message(), is(status.message()));
        }
        assertThat(versions(), is(before));
    }

    @Test
    public void unchangedObjectsAreSynced() throws Exception {
        deployTwo();
        Map<String, String> before = versions();

        account = () -> config(NAME);
        application.running().start(application.running().config(null), AgentMode.DRY_RUN);
        ApplicationStatus status = application.await(s -> !s.sync().equals("Unknown"));

        assertThat(status.sync(), is("Synced"));
        assertThat(status.message(), is(nullValue()));
        assertThat(versions(), is(before));
    }

    @Test
    public void policyDeniesEveryWriteExceptDryRuns() throws Exception {
        administrator()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(application.name())
                        .endMetadata()
                        .build())
                .create();
        administrator().resource(configMap("a")).inNamespace(application.name()).create();
        ClusterRoleBinding everything = binding(NAME + "-everything", NAME, "cluster-admin");
        administrator().resource(everything).create();
        try (KubernetesClient agent = client(NAME)) {
            assertDenied(() -> patch(agent, application.name(), "a"));
            assertDenied(() -> agent.resource(configMap("b"))
                    .inNamespace(application.name())
                    .create());
            assertDenied(() -> agent.configMaps()
                    .inNamespace(application.name())
                    .withName("a")
                    .delete());
            assertDenied(() -> agent.namespaces().withName(application.name()).delete());

            agent.resource(new ConfigMapBuilder(configMap("a"))
                            .addToData("value", "2")
                            .build())
                    .inNamespace(application.name())
                    .dryRun()
                    .forceConflicts()
                    .serverSideApply();
        } finally {
            administrator().resource(everything).delete();
        }
        assertThat(get("a").getData(), is(Map.of("value", "1")));
        assertThat(get("b"), is(nullValue()));
    }

    @Test
    public void comparisonNeedsThePatchVerb() throws Exception {
        deployTwo();
        grantViewer();
        account = () -> config(VIEWER);
        application.running().progress().clear();
        application.running().start(application.running().config(null), AgentMode.DRY_RUN);

        ApplicationStatus status =
                application.await(s -> s.message() != null && s.message().contains("cannot patch"));

        assertThat(status.sync(), is("Unknown"));
        assertThat(
                status.message(),
                allOf(
                        containsString("is forbidden: User \"system:serviceaccount:" + NAME + ":viewer\""),
                        containsString("grant the verb patch, which is used for dry runs only")));
        assertThat(status.conditions().get(0).type(), is("ComparisonError"));
        assertThat(application.running().progress(), everyItem(not(containsString(": Synced"))));
        assertThat(application.running().progress(), hasItem(containsString(": Unknown")));
    }

    /** Deploys two applications with an agent that applies. */
    private void deployTwo() throws Exception {
        application.startWith(Map.of("a.yaml", Manifests.configMap("a", "1"), "b.yaml", Manifests.configMap("b", "1")));
        application.running().stop();
    }

    private static void grantViewer() throws Exception {
        administrator()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(VIEWER)
                        .withNamespace(NAME)
                        .endMetadata()
                        .build())
                .serverSideApply();
        administrator()
                .resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(NAME + "-viewer")
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("")
                        .withResources("configmaps", "namespaces")
                        .withVerbs("get", "list", "watch")
                        .endRule()
                        .build())
                .serverSideApply();
        administrator()
                .resource(binding(NAME + "-viewer", VIEWER, NAME + "-viewer"))
                .serverSideApply();
    }

    private static ClusterRoleBinding binding(String name, String serviceAccount, String role) {
        return new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject(null, "ServiceAccount", serviceAccount, NAME)
                .build();
    }

    private static void assertDenied(org.junit.function.ThrowingRunnable write) {
        KubernetesClientException refused = assertThrows(KubernetesClientException.class, write);

        assertThat(refused.getCode(), is(403));
        assertThat(
                refused.getMessage(),
                allOf(
                        containsString("ValidatingAdmissionPolicy '" + NAME + "-read-only'"),
                        containsString("denied request: " + NAME + " is installed read-only")));
    }

    private static void patch(KubernetesClient agent, String namespace, String name) {
        agent.resource(new ConfigMapBuilder(configMap(name))
                        .addToData("value", "2")
                        .build())
                .inNamespace(namespace)
                .forceConflicts()
                .serverSideApply();
    }

    private static ConfigMap configMap(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToData("value", "1")
                .build();
    }

    private ConfigMap get(String name) {
        return administrator()
                .configMaps()
                .inNamespace(application.name())
                .withName(name)
                .get();
    }

    /** Returns the resource versions of the namespace and of all objects in it. */
    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        List.of(
                        administrator()
                                .configMaps()
                                .inNamespace(application.name())
                                .list()
                                .getItems(),
                        administrator()
                                .secrets()
                                .inNamespace(application.name())
                                .list()
                                .getItems(),
                        administrator()
                                .serviceAccounts()
                                .inNamespace(application.name())
                                .list()
                                .getItems(),
                        List.of(administrator()
                                .namespaces()
                                .withName(application.name())
                                .get()))
                .forEach(items -> items.forEach(item -> versions.put(
                        item.getKind() + " " + item.getMetadata().getName(),
                        item.getMetadata().getResourceVersion())));
        return versions;
    }

    private static List<String> names(List<? extends HasMetadata> items) {
        return items.stream().map(item -> item.getMetadata().getName()).toList();
    }
}
