package io.jenkins.plugins.gitops.agent.demo;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.Environment;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Prints the result of the demo: the state of the targets, and the history in Git. */
final class DemoTables {
    private static final int COMMITS = 20;

    private final ConfigRepository repository;
    private final ReportReceiver reports;
    private final PrintStream out;

    DemoTables(ConfigRepository repository, ReportReceiver reports, PrintStream out) {
        this.repository = repository;
        this.reports = reports;
        this.out = out;
    }

    /** Prints a table of applications by environment, with image, sync and health. */
    void targets() throws UserErrorException, IOException {
        String tip = repository.tip().orElseThrow();
        Delivery delivery = Delivery.load(repository.files(tip));
        out.printf("%n%-14s %-12s %-22s %-11s %s%n", "APPLICATION", "ENVIRONMENT", "IMAGE", "SYNC", "HEALTH");
        for (Target target : delivery.targets()) {
            List<AgentSnapshot> snapshots = reports.snapshots(target);
            ApplicationStatus status = snapshots.size() == 1 ? snapshots.get(0).status() : null;
            out.printf(
                    "%-14s %-12s %-22s %-11s %s%n",
                    target.application(),
                    target.environment(),
                    versions(TargetImages.read(repository.files(tip), target)),
                    status == null ? "-" : status.sync(),
                    status == null ? "-" : status.health());
        }
        List<String> order =
                delivery.environments().stream().map(Environment::name).toList();
        out.println("promotion order: " + String.join(" -> ", order));
    }

    /** Prints the commits with their trailers, newest first. */
    void history() throws IOException {
        out.printf("%nGit log%n");
        for (CommitInfo commit : repository.log(repository.tip().orElseThrow(), "", COMMITS)) {
            out.println("* " + ShortRevision.of(commit.revision()) + " " + commit.subject() + "  ("
                    + commit.authorName() + ")");
            for (String key : List.of(
                    Trailers.TARGET,
                    Trailers.IMAGE,
                    Trailers.REQUESTED_BY,
                    Trailers.APPROVED_BY,
                    Trailers.PROMOTED_FROM,
                    Trailers.ROLLBACK_OF,
                    Trailers.HOLD,
                    Trailers.REASON)) {
                commit.trailers().all(key).forEach(value -> out.println("    " + key + ": " + value));
            }
        }
    }

    private static String versions(List<ImageReference> images) {
        return String.join(
                ", ",
                images.stream().map(i -> i.tag() != null ? i.tag() : i.digest()).toList());
    }
}
