package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.jenkins.plugins.gitops.agent.kube.ApiServerProcess;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;

/** The API server is killed, or stops responding, while the agent syncs or starts. Uses a separate control plane. */
public class ApiServerProcessKubeTest {
    /** Enough that their sync takes a second or more. */
    private static final int OBJECTS = 300;

    private static ControlPlane plane;
    private static ApiServerProcess apiServer;

    @Rule
    public final RunningAgent running = RunningAgent.withEmptyRepository(() -> plane.config());

    private final Map<String, String> files = new HashMap<>();
    private final String application = "store-" + Long.toString(System.nanoTime(), 36);

    @BeforeClass
    public static void startPlane() throws Exception {
        plane = ControlPlane.startOwn("api-server");
        apiServer = plane.apiServer();
    }

    @AfterClass
    public static void stopPlane() {
        if (plane != null) {
            plane.stop();
        }
    }

    @Before
    public void addApplication() {
        files.put(
                ApplicationYaml.file("store"),
                new ApplicationYaml(application).path("store").toString());
    }

    @After
    public void stopAgent() {
        running.stop();
    }

    @Test
    public void syncSurvivesKilledApiServer() throws Exception {
        write("1", OBJECTS);
        running.start();
        awaitSyncOf(commit());

        apiServer.kill();

        awaitUnreachable();
        apiServer.start();
        awaitAll("1", OBJECTS);
    }

    @Test
    public void pruningSyncSurvivesFrozenApiServer() throws Exception {
        write("1", OBJECTS);
        running.start();
        commit();
        awaitAll("1", OBJECTS);
        write("2", OBJECTS - 10);
        awaitSyncOf(commit());

        apiServer.freeze();

        try {
            awaitUnreachable();
        } finally {
            apiServer.thaw();
        }
        awaitAll("2", OBJECTS - 10);
    }

    @Test
    public void agentStartsWhileApiServerIsFrozen() throws Exception {
        write("1", 8);
        running.start();
        commit();
        awaitAll("1", 8);
        running.stop();
        write("2", 6);
        commit();
        apiServer.freeze();

        try {
            running.start();
            awaitUnreachable();
        } finally {
            apiServer.thaw();
        }
        awaitAll("2", 6);
    }

    private void write(String value, int objects) {
        for (int i = 0; i < OBJECTS; i++) {
            files.put("store/" + i + ".yaml", i < objects ? Manifests.configMap("c" + i, value) : null);
        }
    }

    private String commit() throws Exception {
        return running.repository().commit(files);
    }

    private void awaitSyncOf(String commit) throws Exception {
        running.await(
                application,
                status -> status.operation() != null
                        && status.operation().phase().equals("Running")
                        && commit.equals(status.operation().revision()));
    }

    private void awaitUnreachable() throws Exception {
        ApplicationStatus away = running.await(
                application,
                status -> status.sync().equals("Unknown")
                        && status.message().contains("the API server cannot be reached")
                        && !running.agent().isReady());
        assertThat(
                "not wholly applied",
                away.syncedRevision(),
                is(not(running.repository().tip())));
    }

    private void awaitAll(String value, int objects) throws Exception {
        String tip = running.repository().tip();
        ApplicationStatus live = running.await(
                application, status -> status.sync().equals("Synced") && tip.equals(status.syncedRevision()));
        assertThat(live.message(), is(nullValue()));
        List<ConfigMap> maps = plane.client().configMaps().inNamespace(application).list().getItems().stream()
                .filter(map -> !map.getMetadata().getName().equals("kube-root-ca.crt"))
                .toList();
        assertThat(maps, hasSize(objects));
        for (ConfigMap map : maps) {
            assertThat(map.getData(), is(Map.of("value", value)));
        }
        assertThat(running.agent().isReady(), is(true));
    }
}
