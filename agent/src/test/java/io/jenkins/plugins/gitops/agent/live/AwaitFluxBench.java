package io.jenkins.plugins.gitops.agent.live;

import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The rows {@code await-flux...}; see docs/benchmarks.md. Its name keeps it out of the tests. */
public class AwaitFluxBench {
    private static final int ROUNDS = Integer.getInteger("gitops.bench.rounds", 10);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Double> live = new ArrayList<>();
    private final List<Double> toldByEvents = new ArrayList<>();
    private final List<Double> toldByStatus = new ArrayList<>();
    private final List<Double> peerLive = new ArrayList<>();
    private final List<Double> peerTold = new ArrayList<>();

    @Test
    public void measure() throws Exception {
        try (FluxEvents events = FluxEvents.start();
                FluxPlane flux = FluxPlane.start(FreshNamespace.create("flux-"), path());
                ObserverReports reports = ObserverReports.start(path());
                FluxDelivery web = FluxDelivery.deployed(path(), flux, events, "")) {
            for (int round = 0; round < ROUNDS; round++) {
                ours(web, "2." + round, events, reports);
                if (System.getenv("FLUX_BIN") != null) {
                    peer(web, "3." + round, flux);
                }
            }
        }
        WaitMeasurements rows = new WaitMeasurements();
        rows.print("await-flux", "ms", 1, live, peerLive);
        rows.printReported("await-flux-told", toldByStatus);
        rows.printReported("await-flux-events-told", toldByEvents);
        rows.printReported("await-flux-peer-told", peerTold);
    }

    private Path path() throws Exception {
        return folder.newFolder().toPath();
    }

    /** Measures events and status in one round, since neither sends requests to Flux. */
    private void ours(FluxDelivery web, String tag, FluxEvents events, ObserverReports reports) throws Exception {
        Instant pushed = Instant.now();
        String commit = web.delivery().setTag(tag);
        Expectation expectation = web.delivery().expectation(commit, tag);
        try (ReadyWatch ready = web.watchReady(commit);
                LiveWait byEvents = web.delivery().await(expectation, events::snapshots, () -> {});
                LiveWait byStatus = web.delivery().await(expectation, reports::snapshots, () -> {})) {
            byStatus.until(Verdict.Live.class);
            byEvents.until(Verdict.Live.class);
            live.add(WaitMeasurements.millis(pushed, byStatus.reportedAt()));
            toldByStatus.add(WaitMeasurements.millis(ready.readyAt(), byStatus.reportedAt()));
            toldByEvents.add(WaitMeasurements.millis(ready.readyAt(), byEvents.reportedAt()));
        }
    }

    private void peer(FluxDelivery web, String tag, FluxPlane flux) throws Exception {
        Path output = folder.getRoot().toPath().resolve("peer.log");
        Map<String, String> environment =
                Map.of("KUBECONFIG", ControlPlane.shared().kubeconfig().toString());
        Instant pushed = Instant.now();
        String commit = web.delivery().setTag(tag);
        try (ReadyWatch ready = web.watchReady(commit)) {
            boolean succeeded = WaitMeasurements.run(
                    output,
                    environment,
                    List.of(
                            LiveCluster.setting("FLUX_BIN"),
                            "reconcile",
                            "kustomization",
                            web.delivery().app(),
                            "--with-source",
                            "--namespace=" + flux.namespace()));
            Instant end = Instant.now();
            Instant itself = ready.readyAt();
            if (succeeded && !end.isBefore(itself)) {
                peerLive.add(WaitMeasurements.millis(pushed, end));
                peerTold.add(WaitMeasurements.millis(itself, end));
            } else {
                WaitMeasurements.note("flux reconcile ended " + (succeeded ? "too early" : "with a failure"));
            }
        }
    }
}
