package io.jenkins.plugins.gitops.agent.ownership;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.ownership.OwnershipPlan.Edits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

/** Entries are as written by a Kubernetes 1.36 API server, reduced to what matters. */
public class OwnershipPlanTest {
    private static final String AGENT = "gitops-agent";
    private static final String ENV =
            "\"f:spec\":{\"f:template\":{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"web\\\"}\":{\".\":{},\"f:name\":{},\"f:env\":{%s}}}}}}";

    @Test
    public void fieldsOfReplacedManagersMoveToTheAgent() throws Exception {
        Map<String, Object> live = live(
                "{\"data\":{\"a\":\"1\",\"b\":\"2\"}}",
                entry(
                        "kubectl-client-side-apply",
                        "Update",
                        "v1",
                        null,
                        "{\"f:data\":{\".\":{},\"f:a\":{},\"f:b\":{}}}"),
                entry("kube-controller-manager", "Update", "v1", null, "{\"f:metadata\":{\"f:labels\":{\"f:x\":{}}}}"));

        OwnershipChange change = plan(live, "{\"data\":{\"a\":\"1\"}}").orElseThrow();

        assertThat(change.from(), contains("kubectl-client-side-apply"));
        assertThat(change.leftovers(), is(true));
        assertThat(managers(change), contains("kube-controller-manager/Update", "gitops-agent/Apply"));
        assertThat(fields(change), is("{\"f:data\":{\".\":{},\"f:a\":{},\"f:b\":{}}}"));
    }

    @Test
    public void theAgentsEntryKeepsItsVersionAndGetsTheOthersFields() throws Exception {
        Map<String, Object> live = live(
                "{\"data\":{\"a\":\"1\",\"b\":\"2\"}}",
                entry(AGENT, "Apply", "v2", null, "{\"f:data\":{\"f:a\":{}}}"),
                entry("kubectl", "Apply", "v1", null, "{\"f:data\":{\"f:b\":{}}}"),
                entry("helm", "Update", "v1", null, "{\"f:data\":{\"f:a\":{}}}"));

        OwnershipChange change = plan(live, "{\"data\":{\"a\":\"1\"}}").orElseThrow();

        assertThat(change.from(), contains("helm", "kubectl"));
        assertThat(change.managedFields().size(), is(1));
        assertThat(JsonTree.text(change.managedFields().get(0), "apiVersion"), is("v2"));
        assertThat(fields(change), is("{\"f:data\":{\"f:a\":{},\"f:b\":{}}}"));
    }

    @Test
    public void entryInAnOlderVersionIsRenamedUnchanged() throws Exception {
        Map<String, Object> live = live(
                "{}",
                entry("kubectl-client-side-apply", "Update", "autoscaling/v1", null, "{\"f:spec\":{\"f:old\":{}}}"));

        OwnershipChange change = plan(live, "{}").orElseThrow();

        assertThat(JsonTree.text(change.managedFields().get(0), "apiVersion"), is("autoscaling/v1"));
        assertThat(change.leftovers(), is(false));
    }

    @Test
    public void subresourcesAndOtherManagersAreLeftAlone() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"replicas\":4}}",
                entry(AGENT, "Apply", "v1", null, "{\"f:spec\":{\"f:replicas\":{}}}"),
                entry("kubectl", "Update", "v1", "scale", "{\"f:spec\":{\"f:replicas\":{}}}"),
                entry("somebody", "Apply", "v1", null, "{\"f:spec\":{\"f:other\":{}}}"),
                entry("kube-controller-manager", "Update", "v1", null, "{\"f:spec\":{\"f:third\":{}}}"));

        assertThat(plan(live, "{\"spec\":{\"replicas\":4}}"), is(Optional.empty()));
    }

    @Test
    public void fieldsOfTheStatusAreNeverTaken() throws Exception {
        Map<String, Object> live = live(
                "{\"status\":{\"ok\":true}}",
                entry(AGENT, "Apply", "v1", null, "{\"f:spec\":{\"f:a\":{}}}"),
                entry("kubectl-client-side-apply", "Update", "v1", null, "{\"f:status\":{\"f:ok\":{}}}"));

        assertThat(fields(plan(live, "{\"spec\":{\"a\":1}}").orElseThrow()), is("{\"f:spec\":{\"f:a\":{}}}"));
    }

    @Test
    public void fieldDroppedByGitIsRemovedEvenIfAnotherManagerSetIt() throws Exception {
        Map<String, Object> live = live(
                "{\"metadata\":{\"labels\":{\"team\":\"x\",\"tier\":\"y\"}}}",
                entry(AGENT, "Apply", "v1", null, "{\"f:metadata\":{\"f:labels\":{\"f:team\":{},\"f:tier\":{}}}}"),
                entry(
                        "kubectl-label",
                        "Update",
                        "v1",
                        null,
                        "{\"f:metadata\":{\"f:labels\":{\"f:team\":{},\"f:own\":{}}}}"));

        OwnershipChange change =
                plan(live, "{\"metadata\":{\"labels\":{\"tier\":\"y\"}}}").orElseThrow();

        assertThat(change.leftovers(), is(true));
        assertThat(
                JsonTree.format(change.managedFields().get(0).get("fieldsV1")),
                is("{\"f:metadata\":{\"f:labels\":{\"f:own\":{}}}}"));
        assertThat(plan(live, "{\"metadata\":{\"labels\":{\"team\":\"x\",\"tier\":\"y\"}}}"), is(Optional.empty()));
    }

    @Test
    public void itemDroppedByGitIsRemovedWithFieldsOfOthers() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"ports\":[{\"port\":80,\"protocol\":\"TCP\",\"nodePort\":30080}]}}",
                entry(AGENT, "Apply", "v1", null, ports(80, "\".\":{},\"f:port\":{}")),
                entry("kubectl-edit", "Update", "v1", null, ports(80, "\"f:nodePort\":{}")));

        OwnershipChange change =
                plan(live, "{\"spec\":{\"ports\":[{\"port\":81}]}}").orElseThrow();

        assertThat(managers(change), contains("gitops-agent/Apply"));
        assertThat(fields(change), containsString("f:nodePort"));
        assertThat(plan(live, "{\"spec\":{\"ports\":[{\"port\":80}]}}"), is(Optional.empty()));
    }

    @Test
    public void itemWithAnEditedKeyIsReplacedByTheOneInGit() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"ports\":[{\"port\":81,\"protocol\":\"TCP\"}]}}",
                entry(AGENT, "Apply", "v1", null, "{\"f:spec\":{\"f:selector\":{}}}"),
                entry("kubectl-edit", "Update", "v1", null, ports(81, "\".\":{},\"f:port\":{}")));

        OwnershipChange change = plan(live, "{\"spec\":{\"selector\":{},\"ports\":[{\"port\":80}]}}")
                .orElseThrow();

        assertThat(change.from(), contains("kubectl-edit"));
        assertThat(change.reason(), containsString(".spec.ports[port=81,protocol=\"TCP\"]"));
        assertThat(fields(change), containsString("81"));
    }

    @Test
    public void editsOfOthersAreRevertedOnlyWhenKnownToBeDrift() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"ports\":[{\"port\":81,\"protocol\":\"TCP\"}]}}",
                entry(AGENT, "Apply", "v1", null, "{\"f:spec\":{\"f:selector\":{}}}"),
                entry("Mozilla", "Update", "v1", null, ports(81, "\".\":{},\"f:port\":{}")));
        Map<String, Object> desired = parse("{\"spec\":{\"selector\":{},\"ports\":[{\"port\":80}]}}");

        assertThat(
                OwnershipPlan.of(live, desired, AGENT, ReplacedManagers.DEFAULT, Edits.OF_KUBECTL),
                is(Optional.empty()));
        assertThat(
                OwnershipPlan.of(live, desired, AGENT, ReplacedManagers.DEFAULT, Edits.OF_ANYONE)
                        .orElseThrow()
                        .from(),
                contains("Mozilla"));
    }

    @Test
    public void itemsAddedByHandStayWhileAllItemsOfGitExist() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"ports\":[{\"port\":80,\"protocol\":\"TCP\"},{\"port\":81,\"protocol\":\"TCP\"}]}}",
                entry(AGENT, "Apply", "v1", null, ports(80, "\".\":{},\"f:port\":{}")),
                entry("kubectl-edit", "Update", "v1", null, ports(81, "\".\":{},\"f:port\":{}")));

        assertThat(plan(live, "{\"spec\":{\"ports\":[{\"port\":80}]}}"), is(Optional.empty()));
    }

    @Test
    public void itemsAddedByHandAreRemovedWhereTheyConflictWithGit() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"ports\":[{\"port\":80,\"protocol\":\"TCP\"},{\"port\":81,\"protocol\":\"TCP\"}]}}",
                entry(AGENT, "Apply", "v1", null, ports(80, "\".\":{},\"f:port\":{}")),
                entry("Mozilla", "Update", "v1", null, ports(81, "\".\":{},\"f:port\":{}")));
        Map<String, Object> desired = parse("{\"spec\":{\"ports\":[{\"port\":80}]}}");

        assertThat(
                OwnershipPlan.of(live, desired, AGENT, ReplacedManagers.DEFAULT, Edits.OF_ANYONE),
                is(Optional.empty()));
        assertThat(
                OwnershipPlan.of(live, desired, AGENT, ReplacedManagers.DEFAULT, Edits.DUPLICATES)
                        .orElseThrow()
                        .from(),
                contains("Mozilla"));
    }

    @Test
    public void itemsAppliedByAnotherManagerStay() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"ports\":[{\"port\":81,\"protocol\":\"TCP\"}]}}",
                entry(AGENT, "Apply", "v1", null, "{\"f:spec\":{\"f:selector\":{}}}"),
                entry("mesh", "Apply", "v1", null, ports(81, "\".\":{},\"f:port\":{}")));

        assertThat(plan(live, "{\"spec\":{\"selector\":{},\"ports\":[{\"port\":80}]}}"), is(Optional.empty()));
    }

    @Test
    public void portProtocolDefaultsToTcp() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"ports\":[{\"port\":53,\"protocol\":\"TCP\"},{\"port\":53,\"protocol\":\"UDP\"}]}}",
                entry(
                        AGENT,
                        "Apply",
                        "v1",
                        null,
                        "{\"f:spec\":{\"f:ports\":{"
                                + "\"k:{\\\"port\\\":53,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{}},"
                                + "\"k:{\\\"port\\\":53,\\\"protocol\\\":\\\"UDP\\\"}\":{\".\":{}}}}}"),
                entry(
                        "kubectl-edit",
                        "Update",
                        "v1",
                        null,
                        "{\"f:spec\":{\"f:ports\":{"
                                + "\"k:{\\\"port\\\":53,\\\"protocol\\\":\\\"UDP\\\"}\":{\"f:name\":{}}}}}"));

        OwnershipChange change =
                plan(live, "{\"spec\":{\"ports\":[{\"port\":53}]}}").orElseThrow();

        assertThat(change.reason(), containsString("[port=53,protocol=\"UDP\"]"));
        assertThat(change.reason(), not(containsString("TCP")));
    }

    @Test
    public void replicasRemovedFromGitKeepTheirValue() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"replicas\":4,\"paused\":false}}",
                entry(AGENT, "Apply", "v1", null, "{\"f:spec\":{\"f:paused\":{},\"f:replicas\":{}}}"),
                entry("kube-controller-manager", "Update", "v1", "scale", "{\"f:spec\":{\"f:replicas\":{}}}"));

        OwnershipChange change = plan(live, "{\"spec\":{\"paused\":false}}").orElseThrow();

        assertThat(change.handedOver(), is(Map.of(".spec.replicas", List.of("kube-controller-manager"))));
        assertThat(change.leftovers(), is(false));
        assertThat(fields(change), is("{\"f:spec\":{\"f:paused\":{}}}"));
    }

    @Test
    public void replicasOfAReplacedManagerAreNotTakenWhenGitHasNone() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"replicas\":4,\"paused\":false}}",
                entry(
                        "kubectl-client-side-apply",
                        "Update",
                        "v1",
                        null,
                        "{\"f:spec\":{\"f:paused\":{},\"f:replicas\":{}}}"));

        OwnershipChange change = plan(live, "{\"spec\":{\"paused\":false}}").orElseThrow();

        assertThat(change.handedOver(), is(Map.of(".spec.replicas", List.of())));
        assertThat(fields(change), is("{\"f:spec\":{\"f:paused\":{}}}"));
    }

    @Test
    public void rulesOfAnAggregatedClusterRoleBelongToTheControlPlane() throws Exception {
        Map<String, Object> live = live(
                "{\"rules\":[{}]}", entry(AGENT, "Apply", "v1", null, "{\"f:aggregationRule\":{},\"f:rules\":{}}"));

        OwnershipChange change =
                plan(live, "{\"kind\":\"ClusterRole\",\"aggregationRule\":{}}").orElseThrow();

        assertThat(fields(change), is("{\"f:aggregationRule\":{}}"));
    }

    @Test
    public void keysOnceAppliedAsStringDataAreOwnedWhereTheyAreStored() throws Exception {
        Map<String, Object> live = live(
                "{\"kind\":\"Secret\",\"data\":{\"a\":\"eA==\",\"b\":\"eA==\"}}",
                entry(AGENT, "Apply", "v1", null, "{\"f:stringData\":{\"f:a\":{},\"f:b\":{}}}"));

        OwnershipChange change =
                plan(live, "{\"kind\":\"Secret\",\"data\":{\"a\":\"eA==\"}}").orElseThrow();

        assertThat(change.leftovers(), is(true));
        assertThat(fields(change), is("{\"f:data\":{\"f:a\":{},\"f:b\":{}}}"));
    }

    @Test
    public void objectIsNeverLeftWithoutAnOwner() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"replicas\":4}}", entry(AGENT, "Apply", "v1", null, "{\"f:spec\":{\"f:replicas\":{}}}"));

        assertThat(plan(live, "{}"), is(Optional.empty()));
    }

    @Test
    public void removedFieldsAreNamedByTheirTopmostParent() throws Exception {
        Map<String, Object> live = live(
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}]}}}}",
                entry(
                        "helm",
                        "Update",
                        "v1",
                        null,
                        "{"
                                + ENV.formatted(
                                        "\".\":{},\"k:{\\\"name\\\":\\\"A\\\"}\":{\".\":{},\"f:name\":{},\"f:value\":{}}")
                                + "}"));
        String after = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\"}]}}}}";

        OwnershipChange change = plan(live, after).orElseThrow();

        assertThat(change.removed(live, parse(after)), contains(".spec.template.spec.containers[name=\"web\"].env"));
        assertThat(change.removed(live, live), is(List.of()));
    }

    @Test
    public void patchIsBoundToTheVersionThatWasRead() throws Exception {
        Map<String, Object> live = live("{}", entry("helm", "Update", "v1", null, "{\"f:spec\":{\"f:a\":{}}}"));
        JsonTree.child(live, "metadata").put("resourceVersion", "17");

        assertThat(
                plan(live, "{}").orElseThrow().patch(live),
                hasItem(Map.of("op", "replace", "path", "/metadata/resourceVersion", "value", "17")));
    }

    private static Optional<OwnershipChange> plan(Map<String, Object> live, String desired) throws IOException {
        return OwnershipPlan.of(live, parse(desired), AGENT, ReplacedManagers.DEFAULT, Edits.OF_KUBECTL);
    }

    private static List<String> managers(OwnershipChange change) {
        return change.managedFields().stream()
                .map(entry -> entry.get("manager") + "/" + entry.get("operation"))
                .toList();
    }

    /** Returns the fields of the agent's entry, which is written last. */
    private static String fields(OwnershipChange change) {
        return JsonTree.canonical(
                change.managedFields().get(change.managedFields().size() - 1).get("fieldsV1"));
    }

    private static String ports(int port, String fields) {
        return "{\"f:spec\":{\"f:ports\":{\"k:{\\\"port\\\":" + port + ",\\\"protocol\\\":\\\"TCP\\\"}\":{" + fields
                + "}}}}";
    }

    private static Map<String, Object> entry(
            String manager, String operation, String apiVersion, String subresource, String fields) throws IOException {
        Map<String, Object> entry = parse("{}");
        entry.put("manager", manager);
        entry.put("operation", operation);
        entry.put("apiVersion", apiVersion);
        entry.put("fieldsType", "FieldsV1");
        entry.put("fieldsV1", parse(fields));
        if (subresource != null) {
            entry.put("subresource", subresource);
        }
        return entry;
    }

    @SafeVarargs
    private static Map<String, Object> live(String object, Map<String, Object>... managers) throws IOException {
        Map<String, Object> live = parse(object);
        JsonTree.child(live, "metadata").put("managedFields", new ArrayList<>(List.of(managers)));
        return live;
    }

    private static Map<String, Object> parse(String json) throws IOException {
        return JsonTree.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
