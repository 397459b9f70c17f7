package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.agent.observe.ObserverConfig;
import io.jenkins.plugins.gitops.agent.observe.ObserverConfigReader;
import io.jenkins.plugins.gitops.core.render.DirectoryTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What {@code agent/deploy} puts into a cluster. */
public class DeployTest {
    private static final Path ROOT = Path.of(System.getProperty("gitops.root", "."));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void holdsNoSecretAndNothingButOneReplica() throws Exception {
        List<Map<String, Object>> manifests = manifests();

        assertThat(manifests.stream().map(m -> JsonTree.text(m, "kind")).toList(), not(hasItem("Secret")));
        Map<String, Object> deployment = manifest(manifests, "Deployment");
        assertThat(JsonTree.numberOr(0, deployment, "spec", "replicas"), is(1L));
        assertThat(JsonTree.text(deployment, "spec", "strategy", "type"), is("Recreate"));
    }

    @Test
    public void configurationCanBeRead() throws Exception {
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
    public void observerMayReadAndNeverSecrets() throws Exception {
        for (Object rule : JsonTree.list(manifest(manifests("agent/deploy/observe"), "ClusterRole"), "rules")) {
            assertThat(JsonTree.list(rule, "verbs"), is(List.of("get", "list", "watch")));
            assertThat(JsonTree.list(rule, "resources"), not(hasItem("secrets")));
        }
    }

    @Test
    public void observersConfigurationCanBeReadAndItsMemoryIsBounded() throws Exception {
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

    static List<Map<String, Object>> manifests() throws Exception {
        return manifests("agent/deploy");
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
