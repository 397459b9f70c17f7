package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.observe.ObserverConfig;
import io.jenkins.plugins.gitops.agent.observe.ObserverConfigReader;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.source.DirectoryTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The objects that {@code agent/deploy} creates in a cluster. */
public class DeployManifestsTest {
    private static final Path ROOT = Path.of(System.getProperty("gitops.root", "."));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void containsNoSecretAndRunsOneReplica() throws Exception {
        List<Map<String, Object>> manifests = manifests();

        assertThat(manifests.stream().map(m -> JsonTree.text(m, "kind")).toList(), not(hasItem("Secret")));
        Map<String, Object> deployment = manifest(manifests, "Deployment");
        assertThat(JsonTree.numberOr(0, deployment, "spec", "replicas"), is(1L));
        assertThat(JsonTree.text(deployment, "spec", "strategy", "type"), is("Recreate"));
    }

    @Test
    public void configurationIsValid() throws Exception {
        String text = JsonTree.text(manifest(manifests(), "ConfigMap"), "data", "agent.yaml");
        Path file = Files.writeString(folder.getRoot().toPath().resolve("agent.yaml"), text);

        AgentConfig config = AgentConfigReader.read(file);

        Path here = file.toAbsolutePath().getParent();
        assertThat(
                config.jenkins().secret().toString(),
                is(here.resolve("secrets/report-secret").toString()));
        assertThat(
                config.repository().password().toString(),
                is(here.resolve("secrets/git-password").toString()));
        assertThat(config.health(), is(new AgentConfig.HealthAddress("0.0.0.0", 8080)));
    }

    @Test
    public void observerMayReadButNotSecrets() throws Exception {
        for (Object rule : JsonTree.list(manifest(manifests("agent/deploy/observe"), "ClusterRole"), "rules")) {
            assertThat(JsonTree.list(rule, "verbs"), is(List.of("get", "list", "watch")));
            assertThat(JsonTree.list(rule, "resources"), not(hasItem("secrets")));
        }
    }

    @Test
    public void observerConfigurationIsValidAndMemoryIsLimited() throws Exception {
        List<Map<String, Object>> manifests = manifests("agent/deploy/observe");
        String text = JsonTree.text(manifest(manifests, "ConfigMap"), "data", "observe.yaml");
        Path file = Files.writeString(folder.getRoot().toPath().resolve("observe.yaml"), text);

        ObserverConfig config = ObserverConfigReader.read(file);

        assertThat(config.flux(), is(true));
        assertThat(config.requestReconcile(), is(false));
        Object container = JsonTree.list(manifest(manifests, "Deployment"), "spec", "template", "spec", "containers")
                .get(0);
        assertThat(JsonTree.text(container, "resources", "limits", "memory"), is("128Mi"));
        assertThat(JsonTree.isTrue(container, "securityContext", "readOnlyRootFilesystem"), is(true));
    }

    @Test
    public void readOnlyAgentMayOnlyReadAndPatch() throws Exception {
        List<Map<String, Object>> manifests = readOnly();

        for (Object rule : JsonTree.list(manifest(manifests, "ClusterRole", "gitops-agent-common"), "rules")) {
            assertThat(JsonTree.list(rule, "verbs"), everyItem(in(List.of("get", "list", "watch", "patch"))));
        }
        Object container = JsonTree.list(manifest(manifests, "Deployment"), "spec", "template", "spec", "containers")
                .get(0);
        assertThat(JsonTree.list(container, "args"), hasItem("--dry-run"));
    }

    @Test
    public void readOnlyAgentSeesTheSameKindsAsTheOneThatApplies() throws Exception {
        assertThat(
                resources(manifest(readOnly(), "ClusterRole", "gitops-agent-common")),
                is(resources(manifest(manifests(), "ClusterRole", "gitops-agent-common"))));
    }

    private static List<Object> resources(Map<String, Object> role) {
        return JsonTree.list(role, "rules").stream()
                .flatMap(rule -> JsonTree.list(rule, "resources").stream()
                        .map(resource -> (Object) (JsonTree.list(rule, "apiGroups") + " " + resource)))
                .toList();
    }

    @Test
    public void policyMatchesTheAgentsAccountAndFailsClosed() throws Exception {
        List<Map<String, Object>> manifests = readOnly();
        Map<String, Object> policy = manifest(manifests, "ValidatingAdmissionPolicy");
        Map<String, Object> account = manifest(manifests, "ServiceAccount");
        Object subject = JsonTree.list(manifest(manifests, "ClusterRoleBinding"), "subjects")
                .get(0);

        assertThat(JsonTree.text(policy, "spec", "failurePolicy"), is("Fail"));
        assertThat(JsonTree.text(subject, "name"), is(JsonTree.text(account, "metadata", "name")));
        assertThat(
                JsonTree.text(JsonTree.list(policy, "spec", "matchConditions").get(0), "expression"),
                is("request.userInfo.username == \"system:serviceaccount:"
                        + JsonTree.text(account, "metadata", "namespace") + ":"
                        + JsonTree.text(account, "metadata", "name") + "\""));
        Map<String, Object> binding = manifest(manifests, "ValidatingAdmissionPolicyBinding");
        assertThat(JsonTree.text(binding, "spec", "policyName"), is(JsonTree.text(policy, "metadata", "name")));
        assertThat(JsonTree.list(binding, "spec", "validationActions"), is(List.of("Deny")));
    }

    static List<Map<String, Object>> manifests() throws Exception {
        return manifests("agent/deploy");
    }

    @Test
    public void namespacedAgentHasRolesOnly() throws Exception {
        List<Map<String, Object>> manifests = namespaced("payments", "shop");

        assertThat(
                manifests.stream()
                        .map(m -> JsonTree.text(m, "kind"))
                        .filter(kind -> !List.of("Role", "RoleBinding").contains(kind))
                        .toList(),
                containsInAnyOrder("ServiceAccount", "Deployment", "ConfigMap"));
        for (String kind : List.of("Role", "RoleBinding")) {
            assertThat(
                    manifests.stream()
                            .filter(m -> kind.equals(JsonTree.text(m, "kind")))
                            .map(m -> JsonTree.text(m, "metadata", "namespace"))
                            .toList(),
                    containsInAnyOrder("gitops-agent", "kube-system", "payments", "shop"));
        }
        for (Map<String, Object> binding : manifests) {
            if ("RoleBinding".equals(JsonTree.text(binding, "kind"))) {
                Object subject = JsonTree.list(binding, "subjects").get(0);
                assertThat(JsonTree.text(subject, "name"), is("gitops-agent"));
                assertThat("whatever the namespace", JsonTree.text(subject, "namespace"), is("gitops-agent"));
            }
        }
    }

    @Test
    public void namespacedAgentMayDoTheSameInItsNamespaces() throws Exception {
        Map<String, Object> role = namespaced("payments").stream()
                .filter(m -> "Role".equals(JsonTree.text(m, "kind")))
                .filter(m -> "payments".equals(JsonTree.text(m, "metadata", "namespace")))
                .findFirst()
                .orElseThrow();
        List<Object> rules = JsonTree.list(role, "rules");
        List<Object> everywhere = JsonTree.list(manifest(manifests(), "ClusterRole", "gitops-agent-common"), "rules");

        assertThat(JsonTree.list(rules.get(0), "resources"), is(List.of("namespaces")));
        assertThat(JsonTree.list(rules.get(0), "verbs"), is(List.of("get")));
        assertThat(JsonTree.list(everywhere.get(0), "resources"), is(List.of("namespaces")));
        assertThat(rules.subList(1, rules.size()), is(everywhere.subList(1, everywhere.size())));
    }

    /** Renders an overlay with the component for a read-only agent. */
    static List<Map<String, Object>> readOnly() throws Exception {
        return overlay(Map.of("", """
                resources:
                - ../deploy
                components:
                - ../deploy/read-only
                """));
    }

    /** Renders an overlay with the component for an agent that is limited to some namespaces. */
    static List<Map<String, Object>> namespaced(String... namespaces) throws Exception {
        Map<String, String> files = new TreeMap<>();
        StringBuilder overlay = new StringBuilder("resources:\n- ../deploy\n- ../deploy/namespaced/kube-system\n");
        for (String namespace : namespaces) {
            overlay.append("- ").append(namespace).append('\n');
            files.put("/" + namespace, "namespace: " + namespace + "\nresources: [../../deploy/namespaced/role]\n");
        }
        files.put("", overlay.append("components: [../deploy/namespaced]\n").toString());
        return overlay(files);
    }

    /**
     * Renders an overlay.
     *
     * @param kustomizations by their folders below {@code agent/overlay}
     */
    private static List<Map<String, Object>> overlay(Map<String, String> kustomizations) throws Exception {
        return FolderRenderer.renderWithWarnings(
                        new WithOverlay(new DirectoryTree(ROOT), kustomizations), WithOverlay.FOLDER, false)
                .manifests();
    }

    private record WithOverlay(FileTree files, Map<String, String> kustomizations) implements FileTree {
        private static final String FOLDER = "agent/overlay";
        private static final String FILE = "/kustomization.yaml";

        @Override
        public Optional<byte[]> read(String path) throws IOException, UserErrorException {
            boolean known = path.startsWith(FOLDER) && path.endsWith(FILE);
            return known
                    ? Optional.of(kustomizations
                            .get(path.substring(FOLDER.length(), path.length() - FILE.length()))
                            .getBytes(StandardCharsets.UTF_8))
                    : files.read(path);
        }

        @Override
        public List<Entry> list(String folder) throws IOException {
            return folder.startsWith(FOLDER) ? List.of(new Entry(FILE.substring(1), false)) : files.list(folder);
        }
    }

    private static Map<String, Object> manifest(List<Map<String, Object>> manifests, String kind, String name) {
        return manifests.stream()
                .filter(m -> kind.equals(JsonTree.text(m, "kind")) && name.equals(JsonTree.text(m, "metadata", "name")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Map<String, Object>> manifests(String path) throws Exception {
        return FolderRenderer.renderWithWarnings(new DirectoryTree(ROOT), path, false)
                .manifests();
    }

    private static Map<String, Object> manifest(List<Map<String, Object>> manifests, String kind) {
        return manifests.stream()
                .filter(m -> kind.equals(JsonTree.text(m, "kind")))
                .findFirst()
                .orElseThrow();
    }
}
