package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether a change is live: by ancestry, by value, by health observed after the sync, and by the running image.
 * A function of the state of Git and the agents' reports at one moment; {@link StabilityWindow} adds the required
 * duration. An outdated, unknown or missing status never counts as a success, and an infrastructure error never counts
 * as a failure.
 *
 * <p>The proof is that the cluster was compared with a revision that includes the change, is Synced, and runs the
 * image. This also covers a revision that renders the same manifests as before and that no operation names. The
 * revision of an operation proves nothing; its end only shows that the agent has stopped retrying.
 */
public final class AwaitDecision {
    private AwaitDecision() {}

    /**
     * Returns the verdict at one moment.
     *
     * @param snapshots the reports about the target; if several applications deploy it, such as one per cluster, it
     *     must be live in all of them
     * @param now the time of the decision; with the same input the result may differ from {@link
     *     Verdict.Waiting#recheckAt()} on
     * @throws IOException if the clone cannot be read
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

    /** Adds the time of the next check for sources that may not report every change. */
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
        TreeBranch branch = expectation.target().branch();
        return "no agent has reported " + path
                + (branch == null || branch.name() == null ? "" : " of branch " + branch.name())
                + (application == null ? "" : " as " + application) + " yet";
    }

    /**
     * The verdict that follows from Git alone: the branch no longer has the expected images. Null if it still has them.
     */
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
            // The images are gone, but the commit that removed them is unknown. If they were never there, the wait
            // continues.
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
