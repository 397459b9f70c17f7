package io.jenkins.plugins.gitops.core.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.DeployedBy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a change is live: by ancestry, by value, by health that was observed after the sync and by the image that runs. A
 * function of what Git and the agents say at one moment; {@link Steady} adds for how long. Nothing that is merely old,
 * unknown or silent ever counts as a success, nor does an error of the infrastructure count as a failure.
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
     *     {@link Verdict.Waiting#again()} on
     * @throws IOException when the clone cannot be read
     */
    public static Verdict decide(Expectation expectation, List<Snapshot> snapshots, GitFacts git, Instant now)
            throws IOException {
        Verdict seen = seen(expectation, snapshots, git);
        if (!(seen instanceof Verdict.Waiting) && !(seen instanceof Verdict.Stalled)) {
            return seen;
        }
        Verdict gone = ofHistory(expectation, git);
        if (gone != null) {
            return gone;
        }
        return seen instanceof Verdict.Waiting waiting ? lookedAtAgain(waiting, snapshots, now) : seen;
    }

    private static Verdict seen(Expectation expectation, List<Snapshot> snapshots, GitFacts git) throws IOException {
        if (snapshots.isEmpty()) {
            return new Verdict.Waiting(unheard(expectation));
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (Snapshot snapshot : snapshots) {
            verdicts.add(new ApplicationDecision(expectation, git, snapshot).decide());
        }
        return verdicts.size() == 1 ? verdicts.get(0) : CombinedVerdict.of(snapshots, verdicts);
    }

    /** Where news may not come, only time shows a change. */
    private static Verdict lookedAtAgain(Verdict.Waiting waiting, List<Snapshot> snapshots, Instant now) {
        Optional<Duration> interval = snapshots.stream()
                .map(snapshot -> snapshot.traits().recheckInterval())
                .filter(Objects::nonNull)
                .min(Duration::compareTo);
        return interval.isPresent() && waiting.again() == null ? waiting.with("", now.plus(interval.get())) : waiting;
    }

    private static String unheard(Expectation expectation) {
        DeployedBy by = expectation.target().deployedBy();
        String path = expectation.target().path();
        if (by != null) {
            return by.kind().word() + " " + by.agent() + " has not reported "
                    + (by.object() == null ? path : by.object()) + " yet";
        }
        String application = expectation.target().reportedAs();
        return "no agent has reported " + path + (application == null ? "" : " as " + application) + " yet";
    }

    /** The end that Git alone tells: what was asked for no longer stands on the branch. */
    @CheckForNull
    private static Verdict ofHistory(Expectation expectation, GitFacts git) throws IOException {
        String tip = git.tip();
        if (!git.includes(tip)) {
            return new Verdict.Reverted(
                    tip,
                    Texts.brief(expectation.revision()) + " is no longer on the branch, which is now at "
                            + Texts.brief(tip));
        }
        if (git.holds(tip)) {
            return null;
        }
        GitFacts.Replacement by = git.replacement();
        if (by == null) {
            // It is gone, though nobody can be named; when it never stood there, that is no reason to end.
            return git.holds(expectation.revision())
                    ? new Verdict.Superseded(tip, "superseded: " + Texts.brief(tip) + " holds another image")
                    : null;
        }
        String summary = " by " + Texts.brief(by.revision()) + " \"" + by.summary() + "\"";
        return by.restoresPrevious()
                ? new Verdict.Reverted(by.revision(), (by.removes() ? "removed" : "reverted") + summary)
                : new Verdict.Superseded(by.revision(), (by.removes() ? "removed" : "superseded") + summary);
    }
}
