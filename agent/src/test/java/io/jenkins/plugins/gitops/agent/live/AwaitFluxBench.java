package io.jenkins.plugins.gitops.agent.live;

import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The rows {@code await-flux...}: see docs/benchmarks.md. Its name keeps it out of the tests. */
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
                FluxPlane flux = FluxPlane.start(LiveCluster.newNamespace("flux-"), path());
                ObserverReports reports = ObserverReports.start(path());
                FluxDelivery web = FluxDelivery.deployed(path(), flux, events, "")) {
            for (int round = 0; round < ROUNDS; round++) {
                ours(web, "2." + round, events, reports);
                if (System.getenv("FLUX_BIN") != null) {
                    peer(web, "3." + round, flux);
                }
            }
        }
        Measured rows = new Measured();
        rows.print("await-flux", "ms", 1, live, peerLive);
        rows.printTold("await-flux-told", toldByStatus);
        rows.printTold("await-flux-events-told", toldByEvents);
        rows.printTold("await-flux-peer-told", peerTold);
    }

    private Path path() throws Exception {
        return folder.newFolder().toPath();
    }

    /** By events and by status at once: neither asks Flux for anything. */
    private void ours(FluxDelivery web, String tag, FluxEvents events, ObserverReports reports) throws Exception {
        Instant pushed = Instant.now();
        String commit = web.delivery().setTag(tag);
        Expectation expectation = web.delivery().expectation(commit, tag);
        try (ReadyWatch ready = web.watchReady(commit);
                LiveWait byEvents = web.delivery().await(expectation, events::snapshots, () -> {});
                LiveWait byStatus = web.delivery().await(expectation, reports::snapshots, () -> {})) {
            byStatus.until(Verdict.Live.class);
            byEvents.until(Verdict.Live.class);
            live.add(Measured.millis(pushed, byStatus.toldAt()));
            toldByStatus.add(Measured.millis(ready.readyAt(), byStatus.toldAt()));
            toldByEvents.add(Measured.millis(ready.readyAt(), byEvents.toldAt()));
        }
    }

    private void peer(FluxDelivery web, String tag, FluxPlane flux) throws Exception {
        Path output = folder.getRoot().toPath().resolve("peer.log");
        Map<String, String> environment =
                Map.of("KUBECONFIG", ControlPlane.shared().kubeconfig().toString());
        Instant pushed = Instant.now();
        String commit = web.delivery().setTag(tag);
        try (ReadyWatch ready = web.watchReady(commit)) {
            boolean succeeded = Measured.run(
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
                peerLive.add(Measured.millis(pushed, end));
                peerTold.add(Measured.millis(itself, end));
            } else {
                Measured.note("flux reconcile ended " + (succeeded ? "too early" : "with a failure"));
            }
        }
    }
}
