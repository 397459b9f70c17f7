package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** Objects that others deployed or edited, on a real API server: in the end they match Git exactly. */
public class FieldOwnershipKubeTest {
    private static final String AGENT = "gitops-agent-dev";
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {team: x}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: main
                    image: example.com/web:v1
                    ports: [{containerPort: 8080, name: http}]
                    env: [{name: A, value: "1"}]
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports: [{port: 80, name: http, targetPort: 8080}]
            """;
    private static final String CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: \"1\"}\n";

    @Rule
    public final ClusterFixture cluster = new ClusterFixture();

    @Test
    public void fieldsLeftByClientSideApplyAreRemoved() throws Exception {
        cluster.clientSideApply(
                "kubectl-client-side-apply",
                DEPLOYMENT
                                .replace("{team: x}", "{team: x, old: \"yes\"}")
                                .replace(
                                        "[{name: A, value: \"1\"}]",
                                        "[{name: A, value: \"1\"}, {name: B, value: \"2\"}]")
                        + "---\n" + CONFIG.replace("{a: \"1\"}", "{a: \"1\", b: \"2\"}"));

        cluster.sync(DEPLOYMENT + "---\n" + CONFIG);

        assertThat(labels("Deployment"), is(Map.of("team", "x")));
        assertThat(names(container(), "env"), contains("A"));
        assertThat(JsonTree.map(cluster.live("ConfigMap", "web"), "data"), is(Map.of("a", "1")));
        assertThat(cluster.managers("ConfigMap", "web"), contains(AGENT));
        assertThat(
                JsonTree.map(cluster.live("ConfigMap", "web"), "metadata", "annotations")
                        .keySet(),
                not(hasItem("kubectl.kubernetes.io/last-applied-configuration")));
        assertThat(
                cluster.log(),
                hasItem(containsString("taking ownership of ConfigMap web from kubectl-client-side-apply")));
        assertThat(cluster.log(), hasItem(containsString("removed .data.b of ConfigMap web, which is not in Git")));
        assertThat(cluster.log(), not(hasItem(containsString("dnsPolicy"))));
    }

    @Test
    public void otherToolsAreReplacedHoweverTheyApply() throws Exception {
        List<String> appliers = List.of("kubectl", "argocd-controller", "kustomize-controller", "helm");
        List<String> updaters = List.of("argocd-application-controller", "helm-controller");
        StringBuilder git = new StringBuilder();
        for (String manager : concat(appliers, updaters)) {
            String config = CONFIG.replace("name: web", "name: " + manager);
            String more = config.replace("{a: \"1\"}", "{a: \"1\", b: \"2\"}");
            if (appliers.contains(manager)) {
                cluster.serverSideApply(manager, more);
            } else {
                cluster.clientSideApply(manager, more);
            }
            git.append("---\n").append(config);
        }

        cluster.sync(git.toString());

        for (String manager : concat(appliers, updaters)) {
            assertThat(JsonTree.map(cluster.live("ConfigMap", manager), "data"), is(Map.of("a", "1")));
            assertThat(cluster.managers("ConfigMap", manager), contains(AGENT));
        }
    }

    private static List<String> concat(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    @Test
    public void adoptedObjectLosesFieldsOnlyTheOtherAgentsGitHas() throws Exception {
        String marked = CONFIG.replace(
                "{name: web}",
                ("{name: web, annotations: {%2$s: \"%1$s:/ConfigMap:%1$s/web\","
                                + " gitops.jenkins.io/installation-id: other}}")
                        .formatted(cluster.namespace(), TrackingAnnotation.ANNOTATION));
        String adopting =
                CONFIG.replace("{name: web}", "{name: web, annotations: {gitops.jenkins.io/adopt-from: other}}");
        cluster.serverSideApply("gitops-agent-other", marked.replace("{a: \"1\"}", "{a: \"1\", b: \"2\"}"));
        cluster.await(adopting, c -> c.resources().get(0).difference() == Difference.CHANGED);

        cluster.sync(adopting);

        assertThat(JsonTree.map(cluster.live("ConfigMap", "web"), "data"), is(Map.of("a", "1")));
        assertThat(cluster.managers("ConfigMap", "web"), contains(AGENT));
    }

    @Test
    public void unchangedObjectsCauseNoRequest() throws Exception {
        cluster.clientSideApply("kubectl-client-side-apply", DEPLOYMENT);
        cluster.sync(DEPLOYMENT);
        cluster.patch(
                "kubectl-label",
                "Deployment",
                "web",
                "[{\"op\":\"add\",\"path\":\"/metadata/labels/mine\",\"value\":\"z\"}]");
        cluster.client()
                .apps()
                .deployments()
                .inNamespace(cluster.namespace())
                .withName("web")
                .waitUntilCondition(d -> d.getStatus().getAvailableReplicas() != null, 60, TimeUnit.SECONDS);
        cluster.await(DEPLOYMENT, c -> {
            int before = cluster.requests();
            assertThat(ClusterFixture.differences(c), is(List.of()));
            return quietCompare(before);
        });

        int before = cluster.requests();
        for (int i = 0; i < 10; i++) {
            assertThat(ClusterFixture.differences(cluster.compare(DEPLOYMENT)), is(List.of()));
        }

        assertThat(cluster.requests(), is(before));
        assertThat(cluster.managers("Deployment", "web"), containsInAnyOrder(AGENT, "kubectl-label"));
    }

    private boolean quietCompare(int before) {
        try {
            cluster.compare(DEPLOYMENT);
            return cluster.requests() == before;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    public void managersThatAreNotReplacedKeepTheirFields() throws Exception {
        cluster.serverSideApply("somebody-else", CONFIG.replace("{a: \"1\"}", "{b: \"2\"}"));

        cluster.sync(CONFIG);

        assertThat(JsonTree.map(cluster.live("ConfigMap", "web"), "data"), is(Map.of("a", "1", "b", "2")));
        assertThat(cluster.managers("ConfigMap", "web"), containsInAnyOrder(AGENT, "somebody-else"));
    }

    @Test
    public void renamedContainerRunsOnceAndRollsOutOnce() throws Exception {
        cluster.clientSideApply("kubectl-client-side-apply", DEPLOYMENT.replace("name: main", "name: web"));

        cluster.sync(DEPLOYMENT);

        assertThat(containers(), contains("main"));
        assertThat(JsonTree.numberOr(0, cluster.live("Deployment", "web"), "metadata", "generation"), is(2L));
    }

    @Test
    public void changedServicePortIsNoDuplicate() throws Exception {
        cluster.clientSideApply("kubectl-client-side-apply", SERVICE);

        cluster.sync(SERVICE.replace("port: 80,", "port: 81,"));

        assertThat(ports(), contains(81));
    }

    @Test
    public void adoptionFromAnOlderVersionOfTheKindLeavesNothing() throws Exception {
        String hpa = """
                apiVersion: autoscaling/v1
                kind: HorizontalPodAutoscaler
                metadata: {name: web, labels: {old: "1"}}
                spec: {minReplicas: 2, maxReplicas: 3, targetCPUUtilizationPercentage: 50,
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: none}}
                """;
        cluster.clientSideApply("kubectl-client-side-apply", hpa);

        cluster.sync(hpa.replace("autoscaling/v1", "autoscaling/v2")
                .replace(", labels: {old: \"1\"}", "")
                .replace("minReplicas: 2, ", "")
                .replace("targetCPUUtilizationPercentage: 50,", ""));

        Map<String, Object> live = cluster.live("HorizontalPodAutoscaler", "web");
        assertThat(JsonTree.at(live, "metadata", "labels"), is(nullValue()));
        assertThat(JsonTree.numberOr(0, live, "spec", "minReplicas"), is(1L));
    }

    @Test
    public void fieldOfAReplacedManagerIsOutOfSyncUntilItIsRemoved() throws Exception {
        cluster.sync(CONFIG);
        cluster.patch(
                "kubectl-client-side-apply",
                "ConfigMap",
                "web",
                "[{\"op\":\"add\",\"path\":\"/data/b\",\"value\":\"2\"}]");

        Comparison drift = cluster.await(CONFIG, c -> !c.isInSync());

        assertThat(
                ClusterFixture.differences(drift),
                contains("ConfigMap web CHANGED: has fields that are not in Git, owned by kubectl-client-side-apply"));
        cluster.sync(CONFIG);
        assertThat(JsonTree.map(cluster.live("ConfigMap", "web"), "data"), is(Map.of("a", "1")));
    }

    @Test
    public void objectThatAnEarlierAgentAdoptedWithItsOldManagersLosesThem() throws Exception {
        String tracked = CONFIG.replace(
                "{name: web}",
                "{name: web, annotations: {" + TrackingAnnotation.ANNOTATION
                        + ": \"%1$s:/ConfigMap:%1$s/web\"}}".formatted(cluster.namespace()));
        cluster.clientSideApply("kubectl-client-side-apply", tracked.replace("{a: \"1\"}", "{a: \"1\", b: \"2\"}"));
        cluster.serverSideApply("gitops-agent", tracked);
        cluster.await(CONFIG, c -> c.resources().get(0).difference() == Difference.CHANGED);

        cluster.sync(CONFIG);

        assertThat(JsonTree.map(cluster.live("ConfigMap", "web"), "data"), is(Map.of("a", "1")));
        assertThat(cluster.managers("ConfigMap", "web"), contains(AGENT));
    }

    @Test
    public void labelDroppedByGitIsRemovedEvenIfAlsoSetByHand() throws Exception {
        cluster.serverSideApply(AGENT, DEPLOYMENT.replace("labels: {team: x}", "labels: {tier: y}"));
        cluster.patch("kubectl-label", "Deployment", "web", """
                [{"op":"add","path":"/metadata/labels/team","value":"x"},
                 {"op":"add","path":"/metadata/labels/mine","value":"z"}]""");
        cluster.sync(DEPLOYMENT);

        cluster.sync(DEPLOYMENT.replace("labels: {team: x}", "labels: {tier: y}"));

        assertThat(labels("Deployment"), is(Map.of("tier", "y", "mine", "z")));
    }

    @Test
    public void portChangedInGitIsReplacedIncludingManualEdits() throws Exception {
        cluster.sync(SERVICE);
        cluster.patch(
                "kubectl-edit",
                "Service",
                "web",
                "[{\"op\":\"add\",\"path\":\"/spec/ports/0/appProtocol\",\"value\":\"http\"}]");

        cluster.sync(SERVICE.replace("port: 80,", "port: 81,"));

        assertThat(ports(), contains(81));
    }

    @Test
    public void servicePortEditedByHandIsHealed() throws Exception {
        for (String manager : List.of("kubectl-edit", "Mozilla")) {
            cluster.sync(SERVICE);
            cluster.patch(
                    manager, "Service", "web", "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/port\",\"value\":81}]");

            Comparison drift = cluster.await(SERVICE, c -> !c.isInSync());

            assertThat(
                    ClusterFixture.differences(drift),
                    contains(is("Service web CHANGED: has fields that are not in Git, owned by " + manager
                            + ": .spec.ports[port=81,protocol=\"TCP\"]")));
            cluster.sync(SERVICE);
            assertThat(ports(), contains(80));
        }
    }

    @Test
    public void portAddedByHandDoesNotBlockGitPortOfTheSameName() throws Exception {
        cluster.sync(SERVICE);
        cluster.patch(
                "Mozilla",
                "Service",
                "web",
                "[{\"op\":\"add\",\"path\":\"/spec/ports/-\",\"value\":{\"port\":9090,\"name\":\"admin\"}}]");
        String renamed = SERVICE.replace("name: http", "name: admin");
        cluster.await(renamed, c -> !c.isInSync());

        cluster.sync(renamed);

        assertThat(ports(), contains(80));
    }

    @Test
    public void manuallyEditedContainerAndItsListsAreHealed() throws Exception {
        for (String edit : List.of(
                "{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/name\",\"value\":\"other\"}",
                "{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/env/0/name\",\"value\":\"OTHER\"}",
                "{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/ports/0/containerPort\",\"value\":9090}")) {
            cluster.sync(DEPLOYMENT);
            Map<String, Object> before = JsonTree.map(cluster.live("Deployment", "web"), "spec");
            cluster.patch("node-fetch", "Deployment", "web", "[" + edit + "]");
            cluster.await(DEPLOYMENT, c -> !c.isInSync());

            cluster.sync(DEPLOYMENT);

            assertThat(edit, JsonTree.map(cluster.live("Deployment", "web"), "spec"), is(before));
        }
    }

    @Test
    public void kubectlEditMadeWhileTheAgentWasDownIsHealed() throws Exception {
        cluster.sync(DEPLOYMENT);
        cluster.patch(
                "kubectl-edit",
                "Deployment",
                "web",
                "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/name\",\"value\":\"other\"}]");
        cluster.startAgent();
        cluster.await(DEPLOYMENT, c -> c.resources().get(0).live() != null);

        cluster.sync(DEPLOYMENT);

        assertThat(containers(), contains("main"));
    }

    @Test
    public void addedContainerStaysWhileThoseFromGitExist() throws Exception {
        cluster.sync(DEPLOYMENT);
        cluster.patch(
                "injector",
                "Deployment",
                "web",
                "[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/-\",\"value\":{\"name\":\"proxy\",\"image\":\"example.com/proxy:v1\"}}]");

        cluster.sync(DEPLOYMENT.replace("web:v1", "web:v2"));
        cluster.sync(DEPLOYMENT.replace("web:v1", "web:v2").replace("name: main", "name: renamed"));

        assertThat(containers(), containsInAnyOrder("renamed", "proxy"));
    }

    @Test
    public void replicasRemovedFromGitKeepTheirLiveValue() throws Exception {
        cluster.sync(DEPLOYMENT);

        cluster.sync(DEPLOYMENT.replace("  replicas: 2\n", ""));

        assertThat(replicas(), is(2L));
        assertThat(
                cluster.log(),
                hasItem(
                        containsString(
                                ".spec.replicas of Deployment web is not in Git; its live value is kept and has no owner now")));
        cluster.client()
                .apps()
                .deployments()
                .inNamespace(cluster.namespace())
                .withName("web")
                .scale(3);
        cluster.sync(DEPLOYMENT.replace("  replicas: 2\n", "").replace("web:v1", "web:v2"));
        assertThat(replicas(), is(3L));
    }

    @Test
    public void adoptedDeploymentKeepsReplicasWhenGitHasNone() throws Exception {
        cluster.clientSideApply("kubectl-client-side-apply", DEPLOYMENT);
        cluster.client()
                .apps()
                .deployments()
                .inNamespace(cluster.namespace())
                .withName("web")
                .scale(4);

        cluster.sync(DEPLOYMENT.replace("  replicas: 2\n", ""));

        assertThat(replicas(), is(4L));
    }

    @Test
    public void stringDataKeyDroppedByGitIsRemovedFromTheSecret() throws Exception {
        String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {a: one, b: two, c: three}\n";
        // An earlier version of the agent applied it like this.
        cluster.serverSideApply(AGENT, secret);

        cluster.sync(secret.replace(", c: three", ""));
        cluster.sync(secret.replace(", b: two, c: three", ""));

        assertThat(JsonTree.map(cluster.live("Secret", "web"), "data"), is(Map.of("a", "b25l")));
    }

    @Test
    public void rulesOfAnAggregatedClusterRoleAreLeftToTheControlPlane() throws Exception {
        String name = cluster.namespace();
        String roles = """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: %1$s-all}
                aggregationRule: {clusterRoleSelectors: [{matchLabels: {%1$s: "yes"}}]}
                rules: []
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: %1$s-part, labels: {%1$s: "yes"}}
                rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
                """.formatted(name);
        try {
            cluster.serverSideApply(AGENT, roles);
            cluster.await(roles, c -> rules(name).size() == 1);

            cluster.sync(roles);

            assertThat(rules(name).size(), is(1));
            assertThat(cluster.managers("ClusterRole", name + "-all"), hasItem(AGENT));
        } finally {
            Set.of(name + "-all", name + "-part").forEach(role -> cluster.client()
                    .rbac()
                    .clusterRoles()
                    .withName(role)
                    .delete());
        }
    }

    @Test
    public void namespaceAndItsObjectsAreAdoptedTogether() throws Exception {
        cluster.clientSideApply("kubectl-client-side-apply", CONFIG.replace("{a: \"1\"}", "{a: \"1\", b: \"2\"}"));
        String both = "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + cluster.namespace() + "}\n---\n" + CONFIG;

        cluster.sync(both);

        assertThat(JsonTree.map(cluster.live("ConfigMap", "web"), "data"), is(Map.of("a", "1")));
    }

    @Test
    public void rejectedAdoptionChangesNoValue() throws Exception {
        cluster.clientSideApply("kubectl-client-side-apply", SERVICE);

        SyncResult outcome = cluster.syncOnce(SERVICE.replace("port: 80,", "port: 800000,"));

        assertThat(outcome.succeeded(), is(false));
        assertThat(ports(), contains(80));
    }

    private Map<String, Object> labels(String kind) throws Exception {
        return JsonTree.map(cluster.live(kind, "web"), "metadata", "labels");
    }

    private Object container() throws Exception {
        return JsonTree.list(cluster.live("Deployment", "web"), "spec", "template", "spec", "containers")
                .get(0);
    }

    private List<String> containers() throws Exception {
        return names(JsonTree.map(cluster.live("Deployment", "web"), "spec", "template", "spec"), "containers");
    }

    private static List<String> names(Object parent, String list) {
        return JsonTree.list(parent, list).stream()
                .map(item -> JsonTree.text(item, "name"))
                .toList();
    }

    private List<Object> ports() throws Exception {
        return JsonTree.list(cluster.live("Service", "web"), "spec", "ports").stream()
                .map(port -> JsonTree.at(port, "port"))
                .toList();
    }

    private long replicas() throws Exception {
        return JsonTree.numberOr(0, cluster.live("Deployment", "web"), "spec", "replicas");
    }

    private List<Object> rules(String name) {
        try {
            return JsonTree.list(cluster.live("ClusterRole", name + "-all"), "rules");
        } catch (ClusterException e) {
            throw new AssertionError(e);
        }
    }
}
