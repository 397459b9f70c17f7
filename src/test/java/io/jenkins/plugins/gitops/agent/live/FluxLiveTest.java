package io.jenkins.plugins.gitops.agent.live;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.sync.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Waits that the events of a real Flux decide. */
public class FluxLiveTest {
    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static FluxPlane flux;
    private static FluxEvents events;

    @BeforeClass
    public static void startFlux() throws Exception {
        events = FluxEvents.start();
        flux = startedFlux();
    }

    @AfterClass
    public static void stopFlux() {
        flux.close();
        events.close();
    }

    @Test
    public void changeIsLiveWhenItsPodsAreReady() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            String commit = web.delivery().setTag("1.1");

            Verdict.Live live = wait(web, commit, "1.1").until(Verdict.Live.class);

            assertThat(live.syncedRevision(), is(commit));
            assertThat(events.refused(), is(0));
        }
    }

    @Test
    public void imageThatCannotBePulledFailsByItsDeployment() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.delivery().impatientRollOut();
            String commit = web.delivery().setTag("1.1-broken");

            Verdict.Failed failed = wait(web, commit, "1.1-broken").until(Verdict.Failed.class);

            assertThat(failed.summary(), containsString("Deployment"));
            assertThat(failed.summary(), containsString("web"));
        }
    }

    @Test
    public void commitThatChangesNothingInTheClusterIsLive() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            String commit =
                    web.delivery().edit("deployment.yaml", "(?m)^kind: Deployment$", "kind: Deployment # as ever");

            wait(web, commit, "1.0").until(Verdict.Live.class);
        }
    }

    @Test
    public void suspendedKustomizationIsWaitedFor() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.patchKustomization("{\"suspend\": true}");
            String commit = web.delivery().setTag("1.1");
            LiveWait wait = wait(web, commit, "1.1");

            wait.staysWaiting(Duration.ofSeconds(10));
            web.patchKustomization("{\"suspend\": false}");

            wait.until(Verdict.Live.class);
        }
    }

    @Test
    public void withoutHealthChecksNothingIsLive() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.patchKustomization("{\"wait\": false}");
            String commit = web.delivery().setTag("1.1-broken");
            LiveWait wait = wait(web, commit, "1.1-broken");

            wait.untilWaiting(containsString("whether it is healthy is not known"));
            wait.staysWaiting(Duration.ofSeconds(12));
        }
    }

    @Test
    public void refusedManifestIsWaitedOverUntilItIsRepaired() throws Exception {
        try (FluxDelivery web = deployed(flux)) {
            web.delivery().edit("deployment.yaml", "replicas: 2", "replicas: two");
            Thread.sleep(4_000);
            String commit = web.delivery().setTag("1.1");
            LiveWait wait = wait(web, commit, "1.1");
            wait.staysWaiting(Duration.ofSeconds(8));

            web.delivery().edit("deployment.yaml", "replicas: two", "replicas: 2");

            wait.until(Verdict.Live.class);
        }
    }

    @Test
    public void controllerThatIsKilledInMidCheckOnlyDelays() throws Exception {
        try (FluxPlane own = startedFlux();
                FluxDelivery web = deployed(own)) {
            web.delivery().slowRollOut();
            String commit = web.delivery().setTag("1.1");
            LiveWait wait = wait(web, commit, "1.1");
            wait.untilWaiting(containsString("syncing"));

            own.kill(FluxPlane.KUSTOMIZE);
            wait.staysWaiting(Duration.ofSeconds(10));
            own.restart(FluxPlane.KUSTOMIZE);

            wait.until(Verdict.Live.class);
        }
    }

    private static FluxPlane startedFlux() throws Exception {
        return FluxPlane.start(LiveCluster.newNamespace("flux-"), folder());
    }

    private static FluxDelivery deployed(FluxPlane plane) throws Exception {
        return FluxDelivery.deployed(folder(), plane, events);
    }

    private static Path folder() throws IOException {
        return FOLDER.newFolder().toPath();
    }

    private static LiveWait wait(FluxDelivery web, String commit, String tag) throws Exception {
        return web.await(commit, tag, events::snapshots);
    }
}
