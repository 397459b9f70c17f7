package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.agent.TestRepository;
import io.jenkins.plugins.gitops.agent.embedded.EmbeddedCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** {@code status} on an embedded cluster. */
public class StatusCommandTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private EmbeddedCluster cluster;
    private TestRepository repository;

    @Before
    public void start() throws Exception {
        cluster = EmbeddedCluster.start("status");
        Map<String, String> files = new HashMap<>();
        for (String name : List.of("web", "worker")) {
            files.put("apps/" + name + ".yaml", """
                    apiVersion: argoproj.io/v1alpha1
                    kind: Application
                    metadata: {name: %s}
                    spec:
                      project: default
                      source: {repoURL: "https://git.example.com/platform.git", path: %s}
                      destination: {namespace: default}
                      syncPolicy: {automated: {}}
                    """.formatted(name, name));
            files.put(name + "/config.yaml", configMap(name, "1"));
        }
        repository = TestRepository.of(folder.newFolder("repositories").toPath(), files);
        configure(cluster.config().getMasterUrl());
    }

    @After
    public void stop() {
        repository.close();
        cluster.close();
    }

    private void configure(String server) throws Exception {
        Path root = folder.getRoot().toPath();
        Files.writeString(root.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: test, user: test}}]
                clusters: [{name: test, cluster: {server: "%s"}}]
                users: [{name: test, user: {}}]
                """.formatted(server));
        Files.writeString(root.resolve("agent.yaml"), """
                name: dev
                repository: {url: "%s", aliases: ["https://git.example.com/platform.git"]}
                applications: apps
                cluster: {kubeconfig: kubeconfig}
                """.formatted(repository.url()));
    }

    @Test
    public void tableShowsPendingChanges() throws Exception {
        assertThat(err.toString(), run("status"), is(0));

        List<String> lines = out.toString().lines().toList();
        String revision = repository.tip().substring(0, 8);
        assertThat(lines.get(0), matchesPattern("APPLICATION +SYNC +HEALTH +REVISION +MESSAGE"));
        assertThat(lines.get(1), matchesPattern("web +OutOfSync +Missing +" + revision + " +would apply 1 object"));
        assertThat(lines.get(2), startsWith("worker "));
        assertThat(lines.size(), is(3));
        assertThat(err.toString(), is(""));
    }

    @Test
    public void manualApplicationShowsWhatASyncWouldDo() throws Exception {
        repository.replace("apps/web.yaml", "  syncPolicy: {automated: {}}\n", "");

        assertThat(err.toString(), run("status"), is(0));

        assertThat(out.toString(), containsString("automated sync is off; a sync would apply 1 object\n"));
    }

    @Test
    public void nothingIsWritten() throws Exception {
        run("status");
        run("status", "web", "--output", "json");

        assertThat(cluster.client().configMaps().inAnyNamespace().list().getItems(), is(List.of()));
        assertThat(Files.exists(folder.getRoot().toPath().resolve("cache/identity-dev.properties")), is(false));
    }

    @Test
    public void oneApplicationIsShownWithItsResources() throws Exception {
        assertThat(err.toString(), run("status", "web"), is(0));

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(1), startsWith("web "));
        assertThat(lines.get(2), is(""));
        assertThat(lines.get(3), matchesPattern("RESOURCE +NAMESPACE +SYNC +HEALTH +MESSAGE"));
        assertThat(lines.get(4), matchesPattern("ConfigMap web +default +OutOfSync +Missing +would be created"));
        assertThat(lines.size(), is(5));
    }

    @Test
    public void jsonHasTheFormatOfReports() throws Exception {
        assertThat(err.toString(), run("status", "--output", "json", "worker"), is(0));

        JsonNode all = JsonMapper.builder().build().readTree(out.toString());
        assertThat(all.size(), is(1));
        assertThat(all.get(0).get("name").asText(), is("worker"));
        assertThat(all.get(0).get("sync").asText(), is("OutOfSync"));
        assertThat(all.get(0).get("comparedRevision").asText(), is(repository.tip()));
        assertThat(all.get(0).get("message").asText(), is("would apply 1 object"));
    }

    @Test
    public void exitCodeReflectsDifferences() throws Exception {
        assertThat(run("status", "--exit-code"), is(3));

        assertThat(err.toString(), run("agent", "--once"), is(0));
        out.getBuffer().setLength(0);
        assertThat(run("status", "--exit-code"), is(0));
        assertThat(out.toString(), containsString("web           Synced   Healthy"));
    }

    @Test
    public void dryRunOfOnePassAppliesNothing() throws Exception {
        assertThat(run("agent", "--once", "--dry-run"), is(1));

        assertThat(out.toString(), containsString("would apply 1 object"));
        assertThat(cluster.client().configMaps().inAnyNamespace().list().getItems(), is(List.of()));
    }

    @Test
    public void unreadableApplicationIsShownAndExitsWithOne() throws Exception {
        repository.commit(Map.of("worker/config.yaml", "kind: [\n"));

        assertThat(run("status", "--exit-code"), is(1));

        assertThat(out.toString(), containsString("worker        Unknown"));
        assertThat(out.toString(), containsString("would apply 1 object"));
        assertThat(err.toString(), is("Could not be compared: worker\n"));
    }

    @Test
    public void unknownApplicationIsOneLine() throws Exception {
        assertThat(run("status", "shop"), is(1));

        assertThat(err.toString(), is("There is no application shop. Name one of web, worker.\n"));
        assertThat(out.toString(), is(""));
    }

    @Test
    public void clusterThatDoesNotAnswerIsOneLine() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            configure("http://127.0.0.1:" + free.getLocalPort());
        }

        assertThat(run("status"), is(1));

        assertThat(err.toString(), containsString("the API server cannot be reached"));
        assertThat(err.toString(), containsString("Check cluster.kubeconfig and cluster.context"));
        assertThat(err.toString(), err.toString().lines().count(), is(1L));
    }

    @Test
    public void repositoryThatDoesNotAnswerIsOneLine() throws Exception {
        repository.stopServing();

        assertThat(run("status"), is(1));

        assertThat(err.toString(), err.toString().lines().count(), is(1L));
        assertThat(out.toString(), is(""));
    }

    private static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {value: '" + value + "'}\n";
    }

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--config";
        all[arguments.length + 1] = folder.getRoot() + "/agent.yaml";
        return Main.execute(command, all);
    }
}
