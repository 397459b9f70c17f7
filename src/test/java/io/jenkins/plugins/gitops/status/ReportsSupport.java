package io.jenkins.plugins.gitops.status;

import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import io.jenkins.plugins.gitops.core.sync.Signature;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reports for tests, signed as agents sign them. */
public final class ReportsSupport {
    public static final String STARTED = "2026-01-01T09:00:00Z";

    private ReportsSupport() {}

    public static Report report(long sequence, List<Report.ApplicationStatus> applications) {
        return new Report("instance", STARTED, sequence, 10, applications);
    }

    /** Synced and Healthy at a revision. */
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

    /** Brings a report in as the endpoint does. */
    public static ReportInbox.Received accept(String agent, Report report) throws ReportInbox.NotAcceptedException {
        return accept(agent, report, Instant.now());
    }

    public static ReportInbox.Received accept(String agent, Report report, Instant now)
            throws ReportInbox.NotAcceptedException {
        byte[] body = ReportInbox.format(report);
        String timestamp = Long.toString(now.getEpochSecond());
        String secret =
                GitopsConfiguration.get().agent(agent).orElseThrow().getSecret().getPlainText();
        ReportInbox.Received received = Reports.get()
                .inbox()
                .receive(
                        agent,
                        timestamp,
                        Signature.sign(secret, Signature.Context.report(agent, timestamp), body),
                        body,
                        now);
        Reports.get().accepted(received);
        return received;
    }

    /** Has a report refused, as the endpoint does with one that is signed with another secret. */
    public static void refuse(String agent, Report report) {
        byte[] body = ReportInbox.format(report);
        Instant now = Instant.now();
        try {
            Reports.get().inbox().receive(agent, Long.toString(now.getEpochSecond()), "v2=00", body, now);
            throw new AssertionError("accepted");
        } catch (ReportInbox.NotAcceptedException e) {
            RefusedReports.get().note(agent, true, "192.0.2.1", e.getMessage(), now);
        }
    }

    /** Lets all requests to sync grow too old. */
    public static void forgetSyncRequests(String agent) {
        SyncRequests.get().answer(agent, report(1, List.of()), Instant.now().plus(SyncRequests.LIFE.multipliedBy(2)));
    }

    /** Fetches a repository and reads what it wants, as the reconciler does. */
    public static void refresh(RepositoryConfiguration repository) throws Exception {
        Freshness.get().fetchNow(repository).get(1, TimeUnit.MINUTES);
        CloneReader.read(repository, clone -> {
                    DesiredTargets.get().refresh(repository, null);
                    return null;
                })
                .get(1, TimeUnit.MINUTES);
    }

    /** Whether the plugin's threads have nothing to do, apart from the callbacks. */
    public static boolean isIdle() {
        return BackgroundPools.get().isIdle();
    }
}
