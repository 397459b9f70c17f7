package io.jenkins.plugins.gitops.testkit;

import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.core.report.ReportVerifier.ReportRejectedException;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An agent for all environments whose reports a test defines. A report contains only one application; those of earlier
 * reports are removed.
 */
public final class TestAgent {
    public static final String NAME = "everywhere";
    public static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final String url;

    /**
     * Creates the agent.
     *
     * @param url of the config repository that it deploys
     */
    public TestAgent(String url) {
        this.url = url;
    }

    public static AgentConfiguration configuration() {
        return new AgentConfiguration(NAME, Secret.fromString(SECRET));
    }

    /** Reports that a target is Synced and Healthy at a revision. */
    public void live(String target, String revision) throws ReportRejectedException {
        report(SignedReports.live(url, ServedConfigRepository.path(target), revision));
    }

    /** Reports that a target is Synced at a revision, and not healthy yet. */
    public void progressing(String target, String revision) throws ReportRejectedException {
        report(SignedReports.status(url, ServedConfigRepository.path(target), revision, "Synced", "Progressing", null));
    }

    /** Reports that a target is Synced at a revision, and that its Deployment is Degraded. */
    public void degraded(String target, String revision, String message) throws ReportRejectedException {
        unready(target, revision, "Degraded", message);
    }

    /** Reports that a target is Synced at a revision, and that its Deployment is not ready. */
    public void unready(String target, String revision, String health, String message) throws ReportRejectedException {
        report(unreadyStatus(target, revision, health, message));
    }

    /** Returns the status that {@link #unready} reports. */
    public Report.ApplicationStatus unreadyStatus(String target, String revision, String health, String message) {
        return ApplicationStatusBuilder.of(SignedReports.status(
                        url, ServedConfigRepository.path(target), revision, "Synced", health, null))
                .resources(List.of(
                        new Report.ResourceStatus("Deployment", "payments", "payments-api", "Synced", health, message)))
                .build();
    }

    /** Sends the status of one application to Jenkins. */
    public static void report(Report.ApplicationStatus status) throws ReportRejectedException {
        SignedReports.accept(NAME, next(3600, status));
    }

    /** Sends a report over HTTP, signed in version 1. */
    public static HttpResponse<byte[]> post(String jenkinsUrl, Report report) throws IOException, InterruptedException {
        byte[] body = ReportVerifier.format(report);
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        HttpRequest request = HttpRequest.newBuilder(URI.create(jenkinsUrl + "gitops-agent/report"))
                .header(ReportSignature.AGENT_HEADER, NAME)
                .header(ReportSignature.TIMESTAMP_HEADER, timestamp)
                .header(ReportSignature.SIGNATURE_HEADER, ReportSignature.sign(SECRET, timestamp, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Returns the agent's next report without sending it. */
    public static Report next(int intervalSeconds, Report.ApplicationStatus status) {
        return new Report(
                "instance", SignedReports.STARTED, SEQUENCE.incrementAndGet(), intervalSeconds, List.of(status));
    }
}
