package io.jenkins.plugins.gitops.agent.live;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import io.jenkins.plugins.gitops.core.await.ImageProof;
import io.jenkins.plugins.gitops.core.await.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Waits with a real Flux, each both by its events and by the status that an observer reports. */
public class FluxLiveTest {
    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static FluxPlane flux;
    private static FluxEvents events;
    private static ObserverReports reports;

    @BeforeClass
    public static void startFlux() throws Exception {
        events = FluxEvents.start();
        flux = startedFlux();
        reports = ObserverReports.start(folder());
    }

    @AfterClass
    public static void stopFlux() {
        reports.close();
        flux.close();
        events.close();
    }

    @Test
    public void changeIsLiveWhenItsPodsAreReady() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            String commit = web.delivery().setTag("1.1");
            LiveWait byStatus = byStatus(web, commit, "1.1");

            Verdict.Live live = byEvents(web, commit, "1.1").until(Verdict.Live.class);

            assertThat(live.syncedRevision(), is(commit));
            assertThat(byStatus.until(Verdict.Live.class).image(), is(ImageProof.RUNNING));
            assertThat(events.refused(), is(0));
        }
    }

    @Test
    public void imageThatCannotBePulledFailsThroughItsDeployment() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.delivery().impatientRollOut();
            String commit = web.delivery().setTag("1.1-broken");
            LiveWait byStatus = byStatus(web, commit, "1.1-broken");

            Verdict.Failed failed = byEvents(web, commit, "1.1-broken").until(Verdict.Failed.class);

            String resource = "Deployment " + web.delivery().app();
            assertThat(failed.summary(), containsString(resource));
            assertThat(byStatus.until(Verdict.Failed.class).summary(), containsString(resource));
        }
    }

    @Test
    public void commitThatChangesNothingInTheClusterIsLive() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            String commit =
                    web.delivery().edit("deployment.yaml", "(?m)^kind: Deployment$", "kind: Deployment # as ever");
            LiveWait byStatus = byStatus(web, commit, "1.0");

            byEvents(web, commit, "1.0").until(Verdict.Live.class);
            byStatus.until(Verdict.Live.class);
        }
    }

    @Test
    public void suspendedKustomizationIsAwaited() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.patchKustomization("{\"suspend\": true}");
            String commit = web.delivery().setTag("1.1");
            LiveWait byEvents = byEvents(web, commit, "1.1");
            LiveWait byStatus = byStatus(web, commit, "1.1");

            byStatus.untilWaiting(containsString("suspended"));
            byEvents.staysWaiting(Duration.ofSeconds(10));
            web.patchKustomization("{\"suspend\": false}");

            byEvents.until(Verdict.Live.class);
            byStatus.until(Verdict.Live.class);
        }
    }

    @Test
    public void imageThatTheKustomizationOverridesIsNotLive() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.patchKustomization("{\"images\": [{\"name\": \"" + LiveRepository.IMAGE + "\", \"newTag\": \"0.9\"}]}");
            String commit = web.delivery().setTag("1.1");
            LiveWait byStatus = byStatus(web, commit, "1.1");

            byStatus.untilWaiting(allOf(containsString("spec.images"), containsString("0.9")));
            web.patchKustomization("{\"images\": null}");

            byStatus.until(Verdict.Live.class);
        }
    }

    @Test
    public void withoutHealthChecksPodsThatAreNotReadyAreNotLive() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.patchKustomization("{\"wait\": false}");
            String commit = web.delivery().setTag("1.1-broken");
            LiveWait byEvents = byEvents(web, commit, "1.1-broken");
            LiveWait byStatus = byStatus(web, commit, "1.1-broken");

            byEvents.untilWaiting(containsString("healthy"));
            byStatus.untilWaiting(containsString("Deployment " + web.delivery().app()));
            byEvents.staysWaiting(Duration.ofSeconds(12));
            byStatus.staysWaiting(Duration.ZERO);
        }
    }

    @Test
    public void waitContinuesUntilARejectedManifestIsRepaired() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.delivery().edit("deployment.yaml", "replicas: 2", "replicas: two");
            Thread.sleep(4_000);
            String commit = web.delivery().setTag("1.1");
            LiveWait byEvents = byEvents(web, commit, "1.1");
            LiveWait byStatus = byStatus(web, commit, "1.1");
            byEvents.staysWaiting(Duration.ofSeconds(8));

            web.delivery().edit("deployment.yaml", "replicas: two", "replicas: 2");

            byEvents.until(Verdict.Live.class);
            byStatus.until(Verdict.Live.class);
        }
    }

    /**
     * After a restart, the controller finds nothing to change and does not report that health checks passed; another
     * source has to confirm it.
     */
    @Test
    public void controllerKilledDuringAHealthCheckOnlyDelays() throws Exception {
        try (FluxPlane own = startedFlux();
                FluxDelivery web = FluxDelivery.deployed(folder(), own, events, ", health: checked")) {
            web.delivery().slowRollOut();
            String commit = web.delivery().setTag("1.1");
            LiveWait byEvents = byEvents(web, commit, "1.1");
            LiveWait byStatus = byStatus(web, commit, "1.1");
            byEvents.untilWaiting(containsString("syncing"));

            own.kill(FluxPlane.KUSTOMIZE);
            byEvents.staysWaiting(Duration.ofSeconds(10));
            byStatus.staysWaiting(Duration.ZERO);
            own.restart(FluxPlane.KUSTOMIZE);

            byEvents.until(Verdict.Live.class);
            byStatus.until(Verdict.Live.class);
        }
    }

    @Test
    public void observerRestartedDuringARolloutLosesNothing() throws Exception {
        try (ObserverReports own = ObserverReports.start(folder());
                FluxDelivery web = deployed(flux)) {
            web.delivery().slowRollOut();
            String commit = web.delivery().setTag("1.1");
            LiveWait wait = web.await(commit, "1.1", own::snapshots);
            wait.untilWaiting(containsString("syncing"));

            own.restart();

            wait.until(Verdict.Live.class);
        }
    }

    private static FluxPlane startedFlux() throws Exception {
        return FluxPlane.start(FreshNamespace.create("flux-"), folder());
    }

    private static FluxDelivery deployed(FluxPlane plane) throws Exception {
        return FluxDelivery.deployed(folder(), plane, events, "");
    }

    private static Path folder() throws IOException {
        return FOLDER.newFolder().toPath();
    }

    private static LiveWait byStatus(FluxDelivery web, String commit, String tag) throws Exception {
        return web.await(commit, tag, reports::snapshots);
    }

    private static LiveWait byEvents(FluxDelivery web, String commit, String tag) throws Exception {
        return web.await(commit, tag, events::snapshots);
    }
}
