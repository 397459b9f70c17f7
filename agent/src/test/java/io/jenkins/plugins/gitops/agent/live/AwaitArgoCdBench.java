package io.jenkins.plugins.gitops.agent.live;

import io.jenkins.plugins.gitops.core.await.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The rows {@code await-argocd...}; see docs/benchmarks.md. Its name keeps it out of the tests. */
public class AwaitArgoCdBench {
    private static final int ROUNDS = Integer.getInteger("gitops.bench.rounds", 20);
    private static final double MOST_REQUESTS = 5;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Double> told = new ArrayList<>();
    private final List<Double> live = new ArrayList<>();
    private final List<Double> requests = new ArrayList<>();
    private final List<Double> peerTold = new ArrayList<>();
    private final List<Double> peerLive = new ArrayList<>();
    private int wrong;

    @Test
    public void measure() throws Exception {
        try (ArgoCdPlane argo = ArgoCdPlane.start(folder.newFolder("argocd").toPath());
                RequestCounter counter = RequestCounter.start(argo.url());
                ArgoCdReader reader = ArgoCdReader.start(counter.url(), argo.token("jenkins"));
                ArgoCdDelivery web =
                        ArgoCdDelivery.deployed(folder.newFolder("delivery").toPath(), argo.namespace(), reader)) {
            Map<String, String> peer = peer(argo);
            for (int round = 0; round < ROUNDS; round++) {
                ours(web, "2." + round, reader, counter);
                peer(web, "3." + round, peer);
            }
        }
        WaitMeasurements rows = new WaitMeasurements();
        rows.print("await-argocd", "ms", 1, live, peerLive);
        rows.printReported("await-argocd-told", told);
        rows.print("await-argocd-requests", "", 1, requests, List.of(MOST_REQUESTS));
        if (!peerLive.isEmpty()) {
            rows.printReported("await-argocd-peer-told", peerTold);
        }
        WaitMeasurements.note("argocd app wait said live " + (wrong + peerLive.size())
                + " times; the image did not run then " + wrong + " times, which are not counted");
    }

    private void ours(ArgoCdDelivery web, String tag, ArgoCdReader reader, RequestCounter counter) throws Exception {
        counter.reset();
        Instant pushed = Instant.now();
        String commit = web.delivery().setTag(tag);
        try (ReadyWatch ready = web.watchReady(commit);
                LiveWait wait = web.await(commit, tag, reader)) {
            wait.until(Verdict.Live.class);
            live.add(WaitMeasurements.millis(pushed, wait.reportedAt()));
            told.add(WaitMeasurements.millis(ready.readyAt(), wait.reportedAt()));
            requests.add((double) counter.requests().size());
        }
    }

    /** Uses a separate token and configuration, so that the client does not read the developer's cache. */
    private Map<String, String> peer(ArgoCdPlane argo) throws Exception {
        return Map.of(
                "ARGOCD_SERVER", argo.url().substring("http://".length()),
                "ARGOCD_AUTH_TOKEN", argo.token("peer"),
                "ARGOCD_OPTS", "--plaintext",
                "HOME", folder.getRoot().toString());
    }

    private void peer(ArgoCdDelivery web, String tag, Map<String, String> environment) throws Exception {
        Path output = folder.getRoot().toPath().resolve("peer.log");
        String program = LiveCluster.setting("ARGOCD_BIN");
        String app = web.delivery().app();
        Instant pushed = Instant.now();
        String commit = web.delivery().setTag(tag);
        try (ReadyWatch ready = web.watchReady(commit)) {
            WaitMeasurements.run(output, environment, List.of(program, "app", "get", app, "--refresh"));
            WaitMeasurements.run(
                    output,
                    environment,
                    List.of(program, "app", "wait", app, "--sync", "--health", "--operation", "--timeout", "120"));
            Instant end = Instant.now();
            boolean runs = web.delivery().whyNotRunning(tag) == null;
            Instant itself = ready.readyAt();
            if (runs) {
                peerLive.add(WaitMeasurements.millis(pushed, end));
                peerTold.add(WaitMeasurements.millis(itself, end));
            } else {
                wrong++;
            }
        }
    }
}
