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

/** The message texts of verdicts. */
final class VerdictMessages {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private VerdictMessages() {}

    /** The display name of the agent: {@code agent dev}, {@code Argo CD main}, {@code Flux (observer edge)}. */
    static String agentName(AgentSnapshot snapshot) {
        return snapshot.status().isObserved()
                ? snapshot.kind().displayName() + " (observer " + snapshot.agent() + ")"
                : snapshot.kind().displayName() + " " + snapshot.agent();
    }

    /** The abbreviated revision; {@code nothing} for null. */
    static String shortRevision(@CheckForNull String revision) {
        return revision == null ? "nothing" : ShortRevision.of(revision);
    }

    /** A colon and the message of another system; empty if there is none. */
    static String reasonSuffix(@CheckForNull String message) {
        return message == null || message.isBlank() ? "" : ": " + message;
    }

    /** A semicolon and a reason; empty if there is none. */
    static String semicolonSuffix(@CheckForNull String reason) {
        return reason == null || reason.isBlank() ? "" : "; " + reason;
    }

    /** {@code , since 10:04:05 UTC}; empty if the time is unknown. */
    static String sinceSuffix(@CheckForNull String instant) {
        return instant == null ? "" : ", since " + TIME.format(Instant.parse(instant));
    }

    /** The note that the failure is not one of the newest state of the branch. */
    static String supersededHint(GitFacts git) {
        return "; the branch is at " + shortRevision(git.tip()) + ", which has not been tried yet";
    }

    /** The resources that are not ready, with the cluster's messages. */
    static String listResources(List<Report.ResourceStatus> resources) {
        return resources.isEmpty()
                ? ""
                : resources.stream()
                        .map(r -> r.label() + reasonSuffix(r.message()))
                        .collect(Collectors.joining("; ", " (", ")"));
    }

    /** A failure with the application's current status. */
    static Verdict.Failed failed(Report.ApplicationStatus status, String summary, Duration settle) {
        return new Verdict.Failed(
                status.syncedRevision(), Health.of(status.health()), status.resources(), summary, settle);
    }

    /** One line of bounded length, whatever a cluster or a commit contains. */
    static String oneLine(String text) {
        return TextSanitizer.line(text);
    }
}
