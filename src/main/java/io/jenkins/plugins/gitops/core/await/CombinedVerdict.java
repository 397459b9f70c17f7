package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Combines the verdicts of all applications that deploy one folder, such as one per cluster: the change is live when it
 * is live in all of them, and has failed when it has failed in one.
 */
final class CombinedVerdict {
    /** The maximum number of applications to list by name. */
    private static final int MAX_NAMED = 5;

    private final List<ApplicationVerdict> parts = new ArrayList<>();

    private record ApplicationVerdict(String name, Verdict verdict) {}

    private CombinedVerdict(List<AgentSnapshot> snapshots, List<Verdict> verdicts) {
        for (int i = 0; i < snapshots.size(); i++) {
            parts.add(new ApplicationVerdict(name(snapshots.get(i), snapshots), verdicts.get(i)));
        }
    }

    /** @param verdicts one per snapshot, in the same order */
    static Verdict of(List<AgentSnapshot> snapshots, List<Verdict> verdicts) {
        return new CombinedVerdict(snapshots, verdicts).verdict();
    }

    /** A distinguishing name: the application's if those differ, otherwise the agent's, otherwise both. */
    private static String name(AgentSnapshot snapshot, List<AgentSnapshot> all) {
        String application = snapshot.status().name();
        String who = VerdictMessages.agentName(snapshot);
        long sameName =
                all.stream().filter(s -> s.status().name().equals(application)).count();
        long sameWho = all.stream()
                .filter(s -> VerdictMessages.agentName(s).equals(who))
                .count();
        return sameName == 1 ? application : sameWho == 1 ? who : application + " of " + who;
    }

    private Verdict verdict() {
        ApplicationVerdict failed = first(Verdict.Failed.class);
        if (failed != null) {
            Verdict.Failed of = (Verdict.Failed) failed.verdict();
            return new Verdict.Failed(
                    of.syncedRevision(),
                    of.health(),
                    of.resources(),
                    describe(failed),
                    of.confirmFor(),
                    of.silenceConfirms());
        }
        ApplicationVerdict stalled = first(Verdict.Stalled.class);
        if (stalled != null) {
            return new Verdict.Stalled(describe(stalled), ((Verdict.Stalled) stalled.verdict()).confirmFor());
        }
        List<ApplicationVerdict> open = parts.stream()
                .filter(p -> !(p.verdict() instanceof Verdict.Live))
                .toList();
        return open.isEmpty() ? live() : waiting(open);
    }

    @CheckForNull
    private ApplicationVerdict first(Class<? extends Verdict> kind) {
        return parts.stream()
                .filter(p -> kind.isInstance(p.verdict()))
                .findFirst()
                .orElse(null);
    }

    private static String describe(ApplicationVerdict applicationVerdict) {
        return applicationVerdict.name() + ": " + applicationVerdict.verdict().summary();
    }

    private Verdict waiting(List<ApplicationVerdict> open) {
        Instant again = open.stream()
                .map(ApplicationVerdict::verdict)
                .map(v -> v instanceof Verdict.Waiting w ? w.recheckAt() : null)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
        String summary = (parts.size() - open.size()) + " of " + parts.size() + " are live; "
                + open.stream().limit(MAX_NAMED).map(CombinedVerdict::describe).collect(Collectors.joining("; "));
        boolean unready = open.stream().anyMatch(p -> p.verdict() instanceof Verdict.Waiting w && w.unready());
        return new Verdict.Waiting(summary, again, unready);
    }

    private Verdict live() {
        List<Verdict.Live> all =
                parts.stream().map(p -> (Verdict.Live) p.verdict()).toList();
        Verdict.Live first = all.get(0);
        Health health = all.stream().map(Verdict.Live::health).reduce(Health.HEALTHY, Health::worse);
        Duration settle = all.stream()
                .map(Verdict.Live::confirmFor)
                .max(Duration::compareTo)
                .orElseThrow();
        // The weakest proof, in declaration order. NONE is ignored, because it is the same for all applications.
        ImageProof proof = all.stream()
                .map(Verdict.Live::image)
                .filter(p -> p != ImageProof.NONE)
                .max(ImageProof::compareTo)
                .orElse(ImageProof.NONE);
        String summary =
                parts.stream().limit(MAX_NAMED).map(CombinedVerdict::describe).collect(Collectors.joining("; "));
        return new Verdict.Live(first.syncedRevision(), health, summary, settle, proof);
    }
}
