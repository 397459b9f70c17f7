package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** An agent stops if the cluster or the repository is not the one that it used before. */
public class IdentityKubeTest {
    private final FreshNamespace own = new FreshNamespace();
    private final RunningAgent running = RunningAgent.withEmptyRepository(this::inItsNamespace);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(own).around(running);

    private final String application = "id-" + UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, String> files = new HashMap<>();
    private KubernetesClient client;

    /** As in a pod, where fabric8 reads the namespace of the service account. */
    private Config inItsNamespace() {
        Config config = ControlPlane.shared().config();
        config.setNamespace(own.name());
        return config;
    }

    @Before
    public void deployOneApplication() throws Exception {
        client = ControlPlane.shared().client();
        files.put(
                ApplicationYaml.file("one"),
                new ApplicationYaml(application)
                        .path("one")
                        .namespace(own.name())
                        .syncPolicy("automated: {prune: true, selfHeal: true}\n")
                        .toString());
        files.put("one/a.yaml", Manifests.configMap("a", "1"));
        files.put("one/b.yaml", Manifests.configMap("b", "1"));
        String tip = running.repository().commit(files);
        running.start();
        running.awaitLive(application, tip);
    }

    @After
    public void stop() {
        running.stop();
    }

    @Test
    public void forcePushOfUnrelatedHistoryStopsSyncUntilUndone() throws Exception {
        String good = running.repository().tip();
        Map<String, String> other = new HashMap<>(files);
        other.put("one/b.yaml", null);
        other.values().removeIf(java.util.Objects::isNull);
        String foreign = running.repository().replaceHistory(other);

        ApplicationStatus stopped = running.await(application, s -> s.sync().equals("Unknown"));

        assertThat(
                stopped.message(),
                allOf(containsString("history was replaced"), containsString("identity.repository: " + foreign)));
        client.configMaps().inNamespace(own.name()).withName("a").delete();
        running.await(application, s -> !s.observedAt().equals(stopped.observedAt()));
        assertThat("nothing is applied", map("a"), is(nullValue()));
        assertThat("nothing is pruned", map("b"), is(notNullValue()));

        running.repository().reset(good);
        running.awaitLive(application, good);
        assertThat(map("a"), is(notNullValue()));
    }

    @Test
    public void repositoryIsRememberedInTheClusterWhenTheCacheIsLost() throws Exception {
        running.stop();
        delete(running.folder().resolve("cache"));
        Map<String, String> other = new HashMap<>(files);
        other.put("one/b.yaml", null);
        other.values().removeIf(java.util.Objects::isNull);
        running.repository().replaceHistory(other);
        running.start();

        ApplicationStatus stopped = running.await(application, s -> s.message() != null);

        assertThat(stopped.sync(), is("Unknown"));
        assertThat(stopped.message(), containsString("belongs to a different repository"));
        assertThat(map("b"), is(notNullValue()));
    }

    @Test
    public void nothingIsWrittenToAnotherCluster() throws Exception {
        running.stop();
        client.configMaps().inNamespace(own.name()).withName("a").delete();
        Path remembered = running.folder().resolve("cache").resolve("identity-dev.properties");
        Files.writeString(
                remembered, Files.readString(remembered).replaceAll("(?m)^cluster=.*$", "cluster=of-another-cluster"));
        running.start();

        ApplicationStatus stopped = running.await(application, s -> s.message() != null);

        assertThat(stopped.sync(), is("Unknown"));
        assertThat(
                stopped.message(),
                allOf(
                        containsString("uid of-another-cluster"),
                        containsString("identity.cluster: "
                                + client.namespaces()
                                        .withName("kube-system")
                                        .get()
                                        .getMetadata()
                                        .getUid())));
        assertThat(map("a"), is(nullValue()));
    }

    private ConfigMap map(String name) {
        return client.configMaps().inNamespace(own.name()).withName(name).get();
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.sorted(java.util.Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
