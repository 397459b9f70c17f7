package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.Test;

/** The contents of the packaged jars. */
public class AgentJarTest {
    private static final String AGENT = "io/jenkins/plugins/gitops/agent/";

    @Test
    public void agentJarContainsAgentAndCommandLine() throws IOException {
        List<String> entries = entries("gitops-agent.jar");
        assertThat(
                entries,
                hasItems(
                        AGENT + "cli/Main.class",
                        AGENT + "Agent.class",
                        "io/fabric8/kubernetes/client/KubernetesClient.class",
                        "org/eclipse/jgit/lib/Repository.class"));
    }

    @Test
    public void agentJarContainsNoDemoBenchmarkOrMock() throws IOException {
        List<String> unwanted = entries("gitops-agent.jar").stream()
                .filter(e -> e.startsWith(AGENT + "demo/")
                        || e.startsWith(AGENT + "bench/")
                        || e.startsWith(AGENT + "embedded/")
                        || e.contains("mockwebserver")
                        || e.contains("/client/server/mock/"))
                .toList();
        assertThat(unwanted, empty());
    }

    @Test
    public void demoJarContainsTheDemoAndItsRepository() throws IOException {
        List<String> entries = entries("gitops-agent-demo.jar");
        assertThat(entries, hasItem(AGENT + "demo/cli/DemoMain.class"));
        assertThat(entries, hasItem(AGENT + "demo/config-repo/gitops.yaml"));
    }

    private static List<String> entries(String name) throws IOException {
        Path file = Path.of(System.getProperty("gitops.root", "."), "agent", "target", name);
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream().map(ZipEntry::getName).toList();
        }
    }
}
