package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a change is live: by ancestry, by value, by health that was observed after the sync and by the image that runs. A
 * function of what Git and the agents say at one moment; {@link StabilityWindow} adds for how long. Nothing that is
 * merely old, unknown or silent ever counts as a success, nor does an error of the infrastructure count as a failure.
 *
 * <p>What proves it is that the cluster was compared with a revision that includes the change, is Synced, and runs the image:
 * that holds also when that revision renders what was there before and no operation ever names it. The revision of an
 * operation proves nothing, and its end only that the tries are over.
 */
public final class AwaitDecision {
    private AwaitDecision() {}

    /**
     * @param snapshots what agents say about the target; where several deploy it, such as one for each cluster, it has to be
     *     live in all
     * @param now for what only time decides; the same question later may have another answer from
     *     {@link Verdict.Waiting#recheckAt()} on
     * @throws IOException when the clone cannot be read
     */
    public static Verdict decide(Expectation expectation, List<AgentSnapshot> snapshots, GitFacts git, Instant now)
            throws IOException {
        Verdict seen = seen(expectation, snapshots, git);
        if (!(seen instanceof Verdict.Waiting) && !(seen instanceof Verdict.Stalled)) {
            return seen;
        }
        Verdict gone = fromHistory(expectation, git);
        if (gone != null) {
            return gone;
        }
        return seen instanceof Verdict.Waiting waiting ? withRecheck(waiting, snapshots, now) : seen;
    }

    private static Verdict seen(Expectation expectation, List<AgentSnapshot> snapshots, GitFacts git)
            throws IOException {
        if (snapshots.isEmpty()) {
            return new Verdict.Waiting(notReported(expectation));
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (AgentSnapshot snapshot : snapshots) {
            verdicts.add(new ApplicationDecision(expectation, git, snapshot).decide());
        }
        return verdicts.size() == 1 ? verdicts.get(0) : CombinedVerdict.of(snapshots, verdicts);
    }

    /** Where news may not come, only time shows a change. */
    private static Verdict withRecheck(Verdict.Waiting waiting, List<AgentSnapshot> snapshots, Instant now) {
        Optional<Duration> interval = snapshots.stream()
                .map(snapshot -> snapshot.traits().recheckInterval())
                .filter(Objects::nonNull)
                .min(Duration::compareTo);
        return interval.isPresent() && waiting.recheckAt() == null
                ? waiting.with("", now.plus(interval.get()))
                : waiting;
    }

    private static String notReported(Expectation expectation) {
        AgentReference by = expectation.target().agent();
        String path = expectation.target().path();
        if (by != null) {
            return by.kind().displayName() + " " + by.agent() + " has not reported "
                    + (by.object() == null ? path : by.object()) + " yet";
        }
        String application = expectation.target().applicationName();
        return "no agent has reported " + path + (application == null ? "" : " as " + application) + " yet";
    }

    /** The end that Git alone tells: what was asked for no longer stands on the branch. */
    @CheckForNull
    private static Verdict fromHistory(Expectation expectation, GitFacts git) throws IOException {
        String tip = git.tip();
        if (!git.isAtOrAfterChange(tip)) {
            return new Verdict.Reverted(
                    tip,
                    VerdictMessages.shortRevision(expectation.revision())
                            + " is no longer on the branch, which is now at " + VerdictMessages.shortRevision(tip));
        }
        if (git.hasExpectedImages(tip)) {
            return null;
        }
        GitFacts.SupersedingChange by = git.supersedingChange();
        if (by == null) {
            // It is gone, though nobody can be named; when it never stood there, that is no reason to end.
            return git.hasExpectedImages(expectation.revision())
                    ? new Verdict.Superseded(
                            tip, "superseded: " + VerdictMessages.shortRevision(tip) + " has another image")
                    : null;
        }
        String summary = " by " + VerdictMessages.shortRevision(by.revision()) + " \"" + by.summary() + "\"";
        return by.isRevert()
                ? new Verdict.Reverted(by.revision(), (by.isRemoval() ? "removed" : "reverted") + summary)
                : new Verdict.Superseded(by.revision(), (by.isRemoval() ? "removed" : "superseded") + summary);
    }
}
