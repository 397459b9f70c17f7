package io.jenkins.plugins.gitops.status.report;

import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.repository.BackgroundPools;
import io.jenkins.plugins.gitops.repository.CloneReader;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import io.jenkins.plugins.gitops.repository.TargetStates;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reports for tests, signed as agents sign them. */
public final class SignedReports {
    public static final String STARTED = "2026-01-01T09:00:00Z";

    private SignedReports() {}

    public static Report report(long sequence, List<Report.ApplicationStatus> applications) {
        return new Report("instance", STARTED, sequence, 10, applications);
    }

    /** Returns a status that is Synced and Healthy at a revision. */
    public static Report.ApplicationStatus live(String repository, String path, String revision) {
        return status(repository, path, revision, "Synced", "Healthy", null);
    }

    public static Report.ApplicationStatus status(
            String repository, String path, String revision, String sync, String health, String message) {
        return new Report.ApplicationStatus(
                path.substring(path.lastIndexOf('/') + 1),
                repository,
                path,
                revision,
                revision,
                sync,
                health,
                null,
                List.of(),
                List.of(),
                message,
                Instant.now().toString());
    }

    /** Accepts a report as the endpoint does. */
    public static ReportVerifier.VerifiedReport accept(String agent, Report report)
            throws ReportVerifier.ReportRejectedException {
        return accept(agent, report, Instant.now());
    }

    public static ReportVerifier.VerifiedReport accept(String agent, Report report, Instant now)
            throws ReportVerifier.ReportRejectedException {
        byte[] body = ReportVerifier.format(report);
        String timestamp = Long.toString(now.getEpochSecond());
        String secret =
                GitopsConfiguration.get().agent(agent).orElseThrow().getSecret().getPlainText();
        ReportVerifier.VerifiedReport verifiedReport = ReportingAgents.get()
                .verifier()
                .verify(
                        agent,
                        timestamp,
                        ReportSignature.sign(secret, ReportSignature.Context.report(agent, timestamp), body),
                        body,
                        now);
        ReportingAgents.get().accepted(verifiedReport);
        return verifiedReport;
    }

    /** Rejects a report, as the endpoint does with a wrong signature. */
    public static void reject(String agent, Report report) {
        byte[] body = ReportVerifier.format(report);
        Instant now = Instant.now();
        try {
            ReportingAgents.get().verifier().verify(agent, Long.toString(now.getEpochSecond()), "v2=00", body, now);
            throw new AssertionError("accepted");
        } catch (ReportVerifier.ReportRejectedException e) {
            RejectedReports.get().record(agent, true, "192.0.2.1", e.getMessage(), now);
        }
    }

    /** Makes all sync requests expire. */
    public static void forgetSyncRequests(String agent) {
        SyncRequests.get()
                .pendingFor(agent, report(1, List.of()), Instant.now().plus(SyncRequests.LIFE.multipliedBy(2)));
    }

    /** Fetches a repository and reads its target states, as the reconciler does. */
    public static void refresh(RepositoryConfiguration repository) throws Exception {
        RepositoryFetcher.get().fetchNow(repository).get(3, TimeUnit.MINUTES);
        CloneReader.read(repository, clone -> {
                    TargetStates.get().refresh(repository, null);
                    return null;
                })
                .get(3, TimeUnit.MINUTES);
    }

    /** Whether the plugin's threads are idle, apart from the callbacks. */
    public static boolean isIdle() {
        return BackgroundPools.get().isIdle();
    }
}
