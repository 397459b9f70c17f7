package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/** The words of the verdicts. */
final class VerdictMessages {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private VerdictMessages() {}

    /** {@code agent dev}, {@code Argo CD main}, {@code Flux (observer edge)}. */
    static String agentName(AgentSnapshot snapshot) {
        return snapshot.status().isObserved()
                ? snapshot.kind().displayName() + " (observer " + snapshot.agent() + ")"
                : snapshot.kind().displayName() + " " + snapshot.agent();
    }

    /** The first digits of a revision. */
    static String shortRevision(@CheckForNull String revision) {
        return revision == null ? "nothing" : ShortRevision.of(revision);
    }

    /** A colon and what somebody else said, or nothing when nothing was. */
    static String reasonSuffix(@CheckForNull String message) {
        return message == null || message.isBlank() ? "" : ": " + message;
    }

    /** A semicolon and a reason, or nothing when there is none. */
    static String semicolonSuffix(@CheckForNull String reason) {
        return reason == null || reason.isBlank() ? "" : "; " + reason;
    }

    /** {@code , since 10:04:05 UTC}, or nothing when the time is not known. */
    static String sinceSuffix(@CheckForNull String instant) {
        return instant == null ? "" : ", since " + TIME.format(Instant.parse(instant));
    }

    /** That what failed is not the newest state of the branch. */
    static String supersededHint(GitFacts git) {
        return "; the branch is at " + shortRevision(git.tip()) + ", which has not been tried yet";
    }

    /** The resources that are not done, in the cluster's words. */
    static String listResources(List<Report.ResourceStatus> resources) {
        return resources.isEmpty()
                ? ""
                : resources.stream()
                        .map(r -> r.label() + reasonSuffix(r.message()))
                        .collect(Collectors.joining("; ", " (", ")"));
    }

    /** A failure in the state that an application is in. */
    static Verdict.Failed failed(Report.ApplicationStatus status, String summary, Duration settle) {
        return new Verdict.Failed(
                status.syncedRevision(), Health.of(status.health()), status.resources(), summary, settle);
    }

    /** One line of bounded length, whatever a cluster or a commit said. */
    static String oneLine(String text) {
        return TextSanitizer.line(text);
    }
}
