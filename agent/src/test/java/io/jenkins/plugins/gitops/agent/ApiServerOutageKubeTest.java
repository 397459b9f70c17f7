package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.fabric8.kubernetes.client.Config;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.testkit.TcpFaultProxy;
import java.net.URI;
import java.util.Map;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** The API server is unavailable for a while. */
public class ApiServerOutageKubeTest {
    private final TcpFaultProxy proxy = new TcpFaultProxy(
            URI.create(ControlPlane.shared().config().getMasterUrl()).getPort());

    @Rule
    public final DeployedApplication application = new DeployedApplication(() -> {
        Config config = ControlPlane.shared().config();
        config.setMasterUrl("https://127.0.0.1:" + proxy.port() + "/");
        return config;
    });

    @After
    public void close() {
        application.running().stop();
        proxy.close();
    }

    @Test
    public void nothingIsHealthyDuringTheOutageAndTheCommitIsDeliveredAfterwards() throws Exception {
        application.startWith(Map.of("a.yaml", Manifests.configMap("a", "1")));
        assertThat(application.running().agent().isReady(), is(true));

        proxy.refuse();

        ApplicationStatus away = application.await(status -> status.sync().equals("Unknown"));
        assertThat(away.message(), containsString("the API server cannot be reached"));
        assertThat(application.running().agent().isReady(), is(false));
        String commit = application.commit(Map.of("a.yaml", Manifests.configMap("a", "2")));
        proxy.restore();
        application.awaitLive(commit);
        assertThat(application.running().agent().isReady(), is(true));
    }

    @Test
    public void failedSyncIsRetriedWhenTheServerIsBack() throws Exception {
        application.syncPolicy("""
                automated: {}
                syncOptions: [CreateNamespace=true]
                retry: {limit: 0}
                """);
        application.startWith(Map.of("a.yaml", Manifests.configMap("a", "1")));
        application.forbidConfigMaps();
        String commit = application.commit(
                Map.of("a.yaml", Manifests.configMap("a", "1"), "b.yaml", Manifests.configMap("b", "1")));
        application.awaitFailed(commit);
        proxy.refuse();
        application.await(status -> status.sync().equals("Unknown"));
        application.allowConfigMaps();

        proxy.restore();

        ApplicationStatus live = application.awaitLive(commit);
        assertThat(live.operation().phase(), is("Succeeded"));
    }
}
