package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.FollowedBranch;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.io.IOException;
import java.time.Duration;

/**
 * Detects that an application deploys something other than the target's folder on the configured branch, so that
 * waiting cannot succeed.
 */
final class SourceMismatch {
    /** A fact from a file, which does not change by itself. */
    private static final Duration FACT = Duration.ofSeconds(10);
    /** Leaves time for a merge that may bring the change to the other branch. */
    private static final Duration OTHER_BRANCH = Duration.ofMinutes(2);

    private final Expectation expectation;
    private final AgentSnapshot snapshot;
    private final ApplicationStatus status;
    private final GitFacts git;

    SourceMismatch(Expectation expectation, AgentSnapshot snapshot, GitFacts git) {
        this.expectation = expectation;
        this.snapshot = snapshot;
        this.status = snapshot.status();
        this.git = git;
    }

    /** Null if there is no mismatch. */
    @CheckForNull
    Verdict.Stalled find() throws IOException {
        Verdict.Stalled path = ofPath();
        return path == null ? ofBranch() : path;
    }

    @CheckForNull
    private Verdict.Stalled ofPath() throws IOException {
        Target target = expectation.target();
        AgentReference by = target.agent();
        if (by == null
                || by.object() == null
                || status.path() == null
                || status.path().isEmpty()) {
            return null;
        }
        String meant = by.path() == null ? target.path() : by.path();
        boolean same = isFolder(target.path()) || isFolder(meant);
        // The application whose manifest sets the image deploys its own folder, not the folder of the manifest.
        return same || git.isSetInApplication()
                ? null
                : new Verdict.Stalled(
                        status.name() + " deploys " + status.path() + " and not " + meant
                                + "; correct the application in gitops.yaml, or set path there if that is intended",
                        FACT);
    }

    private boolean isFolder(String path) {
        return StatusTopic.folder(status.path()).equals(StatusTopic.folder(path));
    }

    /** A revision of another branch or of a tag counts if it is known to include the change. */
    @CheckForNull
    private Verdict.Stalled ofBranch() throws IOException {
        String followed = otherBranch(status, git);
        String compared = status.comparedRevision();
        if (followed == null
                || compared == null
                || !git.contains(compared)
                || git.isAtOrAfterChange(compared) && git.hasExpectedImages(compared)
                || isStaleEvent()) {
            return null;
        }
        boolean pinned = FollowedBranch.isCommit(followed);
        String name = pinned ? "commit " + VerdictMessages.shortRevision(followed) : followed;
        return new Verdict.Stalled(
                status.name() + " " + snapshot.traits().follows() + " " + name
                        + ", which does not follow " + git.branch()
                        + ": this cannot become live until the application is changed"
                        + (pinned ? "" : ", or " + name + " gets the change"),
                pinned ? FACT : OTHER_BRANCH);
    }

    /** Whether the status may date from before the other branch could get the change. */
    private boolean isStaleEvent() {
        Duration delay = snapshot.traits().newsDelay();
        return !delay.isZero()
                && snapshot.receivedAt().isBefore(expectation.since().plus(delay));
    }

    /**
     * The branch, tag or commit that is followed instead of the configured branch; null if it is the configured branch,
     * or unknown.
     */
    @CheckForNull
    static String otherBranch(ApplicationStatus status, GitFacts git) {
        String followed = FollowedBranch.of(status);
        return followed == null || followed.equals(git.branch()) ? null : followed;
    }
}
