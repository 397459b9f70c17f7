package io.jenkins.plugins.gitops.agent.observe;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.agent.embedded.EmbeddedCluster;
import io.jenkins.plugins.gitops.agent.kube.WebDeployment;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Sha256;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The observer from the objects of Flux to Jenkins. */
public class ObserverTest {
    private static final String URL = "https://git.example.com/config.git";
    private static final String OLD = "1".repeat(40);
    private static final String NEW = "2".repeat(40);
    private static final String WEB = "shop_web_apps_Deployment";

    @Rule
    public final RunningObserver observer = new RunningObserver();

    private EmbeddedCluster cluster;
    private SimulatedFlux flux;

    @Before
    public void start() throws Exception {
        cluster = EmbeddedCluster.start("edge", Duration.ofMillis(20));
        flux = new SimulatedFlux(cluster.client(), "flux-system");
        flux.source("config", URL, OLD);
        deploy("1.0");
        flux.applied("web", "config", "./services/web/dev", OLD, WEB);
    }

    @After
    public void stop() {
        observer.stop();
        cluster.close();
    }

    private void observe(boolean requestReconcile) throws Exception {
        observe(requestReconcile, List.of());
    }

    private void observe(boolean requestReconcile, List<String> namespaces) throws Exception {
        observer.start(cluster.config(), false, namespaces, requestReconcile);
    }

    private void deploy(String tag) {
        if (cluster.client().namespaces().withName("shop").get() == null) {
            new SimulatedFlux(cluster.client(), "shop");
        }
        cluster.client()
                .resource(WebDeployment.of("shop", "registry.example.com/web:" + tag, 2, 2))
                .forceConflicts()
                .serverSideApply();
    }

    private ApplicationStatus await(Predicate<ApplicationStatus> condition) throws Exception {
        return observer.await("Kustomization/flux-system/web", condition);
    }

    @Test
    public void reportsWhatRunsAndWhichAgentDeploysIt() throws Exception {
        observe(false);

        ApplicationStatus status = await(s -> s.health().equals("Healthy") && RunningObserver.runs(s, "1.0"));

        assertThat(status.repository(), is(URL));
        assertThat(status.path(), is("services/web/dev"));
        assertThat(status.sync(), is("Synced"));
        assertThat(status.syncedRevision(), is(OLD));
        assertThat(status.deployer(), is(AgentKind.FLUX));
        assertThat(status.details().branch(), is("main"));
    }

    @Test
    public void reportsTheDigestThatReadyPodsRunForATag() throws Exception {
        observe(false);

        ApplicationStatus status = await(s -> RunningObserver.runs(s, "1.0")
                && !s.details().running().get(0).digests().isEmpty());

        assertThat(
                status.details().running().get(0).digests(),
                is(List.of("sha256:" + Sha256.hex("registry.example.com/web:1.0"))));
    }

    @Test
    public void firstReportIsCompleteAndMarkedObserveOnly() throws Exception {
        observe(false);

        Report first = observer.next();

        assertThat(first.applications(), hasSize(1));
        assertThat(first.readOnly(), is(true));
    }

    @Test
    public void followsARolloutUntilTheNewImageRuns() throws Exception {
        observe(false);
        await(s -> RunningObserver.runs(s, "1.0"));

        flux.checking("web", "config", "./services/web/dev", OLD, NEW, WEB);
        ApplicationStatus running = await(s -> s.operation().phase().equals("Running"));
        assertThat(running.comparedRevision(), is(NEW));
        assertThat(running.syncedRevision(), is(OLD));
        deploy("1.1");
        flux.applied("web", "config", "./services/web/dev", NEW, WEB);

        ApplicationStatus live = await(s -> NEW.equals(s.syncedRevision()) && RunningObserver.runs(s, "1.1"));
        assertThat(live.health(), is("Healthy"));
    }

    @Test
    public void workloadThatNeverGetsReadyIsDegradedEvenWithoutHealthChecks() throws Exception {
        observe(false);
        await(s -> RunningObserver.runs(s, "1.0"));

        deploy("broken");
        flux.applied("web", "config", "./services/web/dev", NEW, WEB);

        ApplicationStatus degraded = await(s ->
                s.health().equals("Degraded") && s.resources().get(0).message().contains("ImagePullBackOff"));
        assertThat(degraded.syncedRevision(), is(NEW));
        assertThat(degraded.resources().get(0).label(), is("Deployment web"));
    }

    @Test
    public void workloadOfALaterInventoryIsFound() throws Exception {
        flux.applied("web", "config", "./services/web/dev", OLD);
        observe(false);
        ApplicationStatus without = await(s -> s.syncedRevision() != null);
        assertThat(without.details().running(), is(empty()));

        flux.applied("web", "config", "./services/web/dev", NEW, WEB);

        await(s -> RunningObserver.runs(s, "1.0"));
    }

    @Test
    public void deletedKustomizationIsReportedAsDeleted() throws Exception {
        observe(false);
        await(s -> RunningObserver.runs(s, "1.0"));

        flux.delete("web");

        ApplicationStatus gone = await(ApplicationStatus::deleting);
        assertThat(gone.syncedRevision() == null, is(true));
        assertThat(gone.details().blocked(), containsString("Kustomization flux-system/web does not exist"));
    }

    @Test
    public void restartedObserverReportsTheSame() throws Exception {
        observe(false);
        await(s -> RunningObserver.runs(s, "1.0"));
        observer.stop();
        deploy("1.1");
        flux.applied("web", "config", "./services/web/dev", NEW, WEB);

        observe(false);

        await(s -> NEW.equals(s.syncedRevision()) && RunningObserver.runs(s, "1.1"));
    }

    @Test
    public void unwatchedNamespaceIsReportedAsNotVisible() throws Exception {
        observe(false, List.of("flux-system"));

        ApplicationStatus status = await(s -> s.syncedRevision() != null);

        assertThat(status.message(), is("the observer does not watch namespace shop"));
        assertThat(status.details().running() == null, is(true));
        assertThat(status.health(), is("Healthy"));
    }

    @Test
    public void reconcileIsRequestedOnlyWhereConfigured() throws Exception {
        observer.jenkins().setRevision(URL, NEW);
        observe(true);

        Awaitility.await().atMost(Duration.ofMinutes(1)).until(this::source, hasKey("reconcile.fluxcd.io/requestedAt"));
    }

    @Test
    public void nothingIsWrittenWithoutThatRight() throws Exception {
        observer.jenkins().setRevision(URL, NEW);
        observer.jenkins().requestSync("Kustomization/flux-system/web");
        observe(false);
        for (int i = 0; i < 4; i++) {
            observer.next();
        }

        assertThat(source(), not(hasKey("reconcile.fluxcd.io/requestedAt")));
    }

    private Map<String, String> source() {
        return flux.annotations("source.toolkit.fluxcd.io/v1", "GitRepository", "config");
    }
}
