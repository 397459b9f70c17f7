package io.jenkins.plugins.gitops.core.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.CleanText;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/** The words of the verdicts. */
final class Texts {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private Texts() {}

    /** {@code agent dev}, {@code Argo CD main}, {@code Flux (observer edge)}. */
    static String who(Snapshot snapshot) {
        return snapshot.status().isObserved()
                ? snapshot.kind().word() + " (observer " + snapshot.agent() + ")"
                : snapshot.kind().word() + " " + snapshot.agent();
    }

    /** The first digits of a revision. */
    static String brief(@CheckForNull String revision) {
        return revision == null ? "nothing" : ShortRevision.of(revision);
    }

    /** A colon and what somebody else said, or nothing when nothing was. */
    static String because(@CheckForNull String message) {
        return message == null || message.isBlank() ? "" : ": " + message;
    }

    /** A semicolon and a reason, or nothing when there is none. */
    static String and(@CheckForNull String reason) {
        return reason == null || reason.isBlank() ? "" : "; " + reason;
    }

    /** {@code , since 10:04:05 UTC}, or nothing when the time is not known. */
    static String since(@CheckForNull String instant) {
        return instant == null ? "" : ", since " + TIME.format(Instant.parse(instant));
    }

    /** That what failed is not the newest state of the branch. */
    static String untried(GitFacts git) {
        return "; the branch is at " + brief(git.tip()) + ", which has not been tried yet";
    }

    /** The resources that are not done, in the cluster's words. */
    static String progress(List<Report.Resource> resources) {
        return resources.isEmpty()
                ? ""
                : resources.stream()
                        .map(r -> r.label() + because(r.message()))
                        .collect(Collectors.joining("; ", " (", ")"));
    }

    /** A failure in the state that an application is in. */
    static Verdict.Failed failed(Report.ApplicationStatus status, String summary, Duration settle) {
        return new Verdict.Failed(
                status.syncedRevision(), Health.of(status.health()), status.resources(), summary, settle);
    }

    /** One line of bounded length, whatever a cluster or a commit said. */
    static String oneLine(String text) {
        return CleanText.line(text);
    }
}
