package io.jenkins.plugins.gitops.core.flux;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.StabilityWindow;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.Test;

/**
 * Replays the recorded events of real changes in thousands of other orders, with losses, duplicates and restarts of
 * Jenkins. In every case, a wait ends, is never live unless the cluster runs the image in ready pods, and never fails
 * if the rollout succeeds.
 */
public class FluxSequencesTest {
    private static final int SEQUENCES = 20_000;
    private static final long SEED = 20261129;
    /** Longer than the recorded events, and the events that Flux sends each minute after them. */
    private static final double TIMEOUT = 900;

    private static final double NEVER = Double.MAX_VALUE;
    private static final double BEFORE = -Double.MAX_VALUE;

    /**
     * What happens in the cluster.
     *
     * @param readyAt when the pods are ready with the image, in seconds after the change
     * @param mayFail whether the change fails, or its attempts fail for longer than allowed
     * @param checksHealth whether the object checks the health of the workload
     * @param end the kind of verdict if no event is lost; empty if there is none before the timeout
     */
    private record ClusterScript(double readyAt, boolean mayFail, boolean checksHealth, String end) {}

    private static final String DELETED = "24-kustomization-deleted";
    private static final Map<String, ClusterScript> CLUSTERS = new HashMap<>();

    static {
        CLUSTERS.put("01-success-before-configured", new ClusterScript(NEVER, false, false, ""));
        CLUSTERS.put("02-configured-excluded", new ClusterScript(NEVER, false, false, ""));
        CLUSTERS.put("03-wait-off-after-degraded", new ClusterScript(NEVER, true, false, "Failed"));
        CLUSTERS.put("04-context-canceled", new ClusterScript(37.8, false, true, "Live"));
        CLUSTERS.put("05-context-canceled-names-resource", new ClusterScript(37.8, false, true, "Live"));
        CLUSTERS.put("06-dry-run-failed-then-success", new ClusterScript(28.2, false, true, "Live"));
        CLUSTERS.put("07-artifact-failed-connection-refused", new ClusterScript(255.9, false, true, "Live"));
        CLUSTERS.put("08-object-has-been-modified", new ClusterScript(13.9, false, true, "Live"));
        CLUSTERS.put("09-health-word-lost", new ClusterScript(34.7, false, true, "Live"));
        CLUSTERS.put("10-in-progress-at-timeout", new ClusterScript(130.8, false, true, "Live"));
        CLUSTERS.put("11-suspended", new ClusterScript(108.5, false, true, "Live"));
        CLUSTERS.put("12-adoption", new ClusterScript(BEFORE, false, true, ""));
        CLUSTERS.put("14-other-branch-merge-commit", new ClusterScript(17.6, false, true, "Live"));
        CLUSTERS.put("15-dependency-not-ready", new ClusterScript(374.2, false, true, "Live"));
        CLUSTERS.put("16-plain-live", new ClusterScript(11.9, false, true, "Live"));
        CLUSTERS.put("17-never-ready-degraded", new ClusterScript(NEVER, true, true, "Failed"));
        CLUSTERS.put("18-superseded", new ClusterScript(17.6, false, true, "Superseded"));
        CLUSTERS.put("19-comment-only", new ClusterScript(-0.6, false, true, "Live"));
        CLUSTERS.put("20-skipped-live-at-descendant", new ClusterScript(30.2, false, true, "Live"));
        CLUSTERS.put("21-build-failure", new ClusterScript(40.7, true, true, "Failed"));
        CLUSTERS.put("22-dry-run-fails-on", new ClusterScript(243.6, true, true, "Failed"));
        CLUSTERS.put("23-source-cannot-be-read", new ClusterScript(73.1, false, true, "Live"));
        CLUSTERS.put(DELETED, new ClusterScript(13.2, false, true, "Live"));
    }

    private final Random random = new Random(SEED);
    private final Map<Integer, FluxCaseHistory> histories = new HashMap<>();

    @Test
    public void waitWithPromptEventsEndsCorrectly() throws Exception {
        for (Map.Entry<String, ClusterScript> entry : CLUSTERS.entrySet()) {
            FluxCase played = FluxCase.read(entry.getKey());
            histories.clear();
            List<FluxCase.Sent> all = all(played);
            ExpectedEnd end = play(played, all, false, false);
            assertThat(
                    entry.getKey() + ": " + end, end.kind(), is(entry.getValue().end()));
        }
    }

    @Test
    public void noEventSequenceMakesAWaitEndWrongly() throws Exception {
        List<String> names = CLUSTERS.keySet().stream().sorted().toList();
        Map<String, Integer> ends = new HashMap<>();
        for (String name : names) {
            FluxCase played = FluxCase.read(name);
            ClusterScript clusterScript = CLUSTERS.get(name);
            histories.clear();
            List<FluxCase.Sent> sent = all(played);
            for (int i = 0; i <= SEQUENCES / names.size(); i++) {
                boolean vouched = clusterScript.checksHealth() && random.nextInt(4) == 0;
                List<FluxCase.Sent> heard = mixed(sent);
                ExpectedEnd end = play(played, heard, vouched, true);
                String what = name + (vouched ? ", vouched for" : "") + " #" + i + ": " + end;
                if (end.kind().equals("Live")) {
                    assertThat(what, end.at() >= clusterScript.readyAt(), is(true));
                }
                if (end.kind().equals("Failed")) {
                    assertThat(what, clusterScript.mayFail() || receivedNothingSince(played, heard, end), is(true));
                }
                assertThat(what, end.kind().equals("Reverted"), is(false));
                assertThat(what, !end.kind().equals("Stalled") || name.equals(DELETED), is(true));
                ends.merge(end.kind(), 1, Integer::sum);
            }
        }
        // Each kind of end occurs, so that every check was made.
        assertThat(ends.toString(), ends.keySet().containsAll(List.of("Live", "Failed", "Superseded", "")), is(true));
    }

    /** The end of a wait; without a kind if it timed out. */
    private record ExpectedEnd(String kind, double at, String summary) {}

    /** Returns all events that Flux sent, including those that it sends each minute after the recording. */
    private static List<FluxCase.Sent> all(FluxCase played) throws Exception {
        List<FluxCase.Sent> all = new ArrayList<>(played.heard());
        all.addAll(played.lost());
        all.sort(Comparator.comparingDouble(FluxCase.Sent::at));
        FluxEvent last = null;
        double at = 0;
        for (FluxCase.Sent sent : all) {
            FluxEvent event = FluxEvent.parse(sent.body()).orElseThrow();
            if (event.appliesToCluster()) {
                last = event;
                at = sent.at();
            }
        }
        boolean goesOn = last != null && last.meaning() == FluxEvent.Meaning.SUCCEEDED && !isDeleted(all);
        for (double next = at + 60; goesOn && next < at + 300; next += 60) {
            byte[] body = FluxRecordings.event(
                            last.object(),
                            last.at().plusSeconds(Math.round(next - at)).toString(),
                            "ReconciliationSucceeded",
                            "Reconciliation finished in 400ms, next run in 1m0s",
                            "\"commit_status\":\"update\",\"revision\":\"" + last.revision() + "\"")
                    .replace("\"name\":", "\"uid\":\"" + last.uid() + "\",\"name\":")
                    .getBytes(StandardCharsets.UTF_8);
            all.add(new FluxCase.Sent(next, body));
        }
        return all;
    }

    private static boolean isDeleted(List<FluxCase.Sent> all) {
        return all.stream()
                .map(sent -> FluxEvent.parse(sent.body()).orElseThrow())
                .anyMatch(event -> event.meaning() == FluxEvent.Meaning.DELETED);
    }

    /** Returns the events with random delays, losses and duplicates. */
    private List<FluxCase.Sent> mixed(List<FluxCase.Sent> sent) {
        double late = new double[] {0.5, 3, 16, 60}[random.nextInt(4)];
        double loss = new double[] {0, 0.1, 0.3, 0.6}[random.nextInt(4)];
        List<FluxCase.Sent> heard = new ArrayList<>();
        for (FluxCase.Sent event : sent) {
            for (int times = random.nextInt(5) == 0 ? 2 : 1; times > 0; times--) {
                if (random.nextDouble() >= loss) {
                    heard.add(new FluxCase.Sent(event.at() + random.nextDouble() * late, event.body()));
                }
            }
        }
        heard.sort(Comparator.comparingDouble(FluxCase.Sent::at));
        return heard;
    }

    /**
     * Whether a failure follows from failing attempts, with nothing better received for as long as they may fail. Flux
     * sends equal failures only every five minutes, so lost events cannot be distinguished from a continued failure.
     */
    private static boolean receivedNothingSince(FluxCase played, List<FluxCase.Sent> heard, ExpectedEnd end) {
        if (!end.summary().startsWith("sync of ")) {
            return false;
        }
        Instant first = Instant.parse(since(end.summary()));
        boolean longEnough = !played.moment(end.at()).isBefore(first.plus(FluxObjectStatus.FAIL_AFTER));
        return longEnough
                && heard.stream()
                        .filter(sent -> sent.at() <= end.at())
                        .map(sent -> FluxEvent.parse(sent.body()).orElseThrow())
                        .noneMatch(event -> event.appliesToCluster()
                                && event.meaning().compareTo(FluxEvent.Meaning.CHANGED) >= 0
                                && event.at().isAfter(first));
    }

    private static String since(String summary) {
        int since = summary.lastIndexOf("(since ") + "(since ".length();
        return summary.substring(since, summary.indexOf(')', since));
    }

    /** Simulates a wait from the change to its first final verdict. */
    private ExpectedEnd play(FluxCase played, List<FluxCase.Sent> heard, boolean vouched, boolean restarts)
            throws Exception {
        Expectation expectation = played.expectation(vouched);
        StabilityWindow stabilityWindow = new StabilityWindow();
        FluxEventLog ledger = new FluxEventLog();
        double wake = 0;
        int next = 0;
        while (wake < TIMEOUT) {
            double now = next < heard.size() ? Math.min(wake, heard.get(next).at()) : wake;
            if (next < heard.size() && heard.get(next).at() <= wake) {
                assertThat(
                        ledger.accept(heard.get(next).body(), played.moment(now))
                                .status(),
                        is(202));
                next++;
                if (restarts && random.nextInt(20) == 0) {
                    FluxEventLog restarted = new FluxEventLog();
                    restarted.restore(ledger.stored());
                    ledger = restarted;
                }
            }
            if (now < 0) {
                continue;
            }
            Verdict verdict = verdict(played, expectation, ledger, stabilityWindow, vouched, now);
            if (!(verdict instanceof Verdict.Waiting waiting)) {
                return new ExpectedEnd(verdict.getClass().getSimpleName(), now, verdict.summary());
            }
            assertThat(waiting.summary(), ledger.objects().isEmpty() || waiting.recheckAt() != null, is(true));
            wake = Math.max(now + 60, waiting.recheckAt() == null ? now : seconds(played, waiting.recheckAt()));
        }
        return new ExpectedEnd("", TIMEOUT, "");
    }

    private static double seconds(FluxCase played, Instant moment) {
        return (moment.toEpochMilli() - played.moment(0).toEpochMilli()) / 1000.0;
    }

    private Verdict verdict(
            FluxCase played,
            Expectation expectation,
            FluxEventLog ledger,
            StabilityWindow stabilityWindow,
            boolean vouched,
            double now)
            throws Exception {
        Instant moment = played.moment(now);
        List<AgentSnapshot> snapshots =
                ledger.snapshot(played.deployedBy(vouched), "", played.folder(), moment).stream()
                        .toList();
        FluxCaseHistory git = histories.computeIfAbsent(played.commits(now), n -> played.history(now));
        return stabilityWindow.confirm(
                AwaitDecision.decide(expectation, snapshots, git, moment), snapshots, expectation, moment);
    }
}
