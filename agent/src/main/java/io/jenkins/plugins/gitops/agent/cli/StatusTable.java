package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Formats statuses as a table. */
final class StatusTable {
    private static final String GAP = "   ";

    private StatusTable() {}

    /** @param resources whether to list the resources that are not Synced and Healthy */
    static List<String> lines(List<ApplicationStatus> statuses, boolean resources) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("APPLICATION", "SYNC", "HEALTH", "REVISION", "MESSAGE"));
        statuses.forEach(status -> rows.add(row(status)));
        List<String> lines = new ArrayList<>(columns(rows));
        if (resources
                && statuses.stream().anyMatch(status -> !status.resources().isEmpty())) {
            lines.add("");
            lines.addAll(columns(resources(statuses)));
        }
        return lines;
    }

    private static List<String> row(ApplicationStatus status) {
        return List.of(
                status.name(), status.sync(), status.health(), brief(status.comparedRevision()), message(status));
    }

    /** The message, the required action, or the first resource with a message. */
    private static String message(ApplicationStatus status) {
        if (status.message() != null) {
            return status.message();
        }
        if (!status.conditions().isEmpty()) {
            return status.conditions().get(0).message();
        }
        return status.resources().stream()
                .filter(resourceStatus -> resourceStatus.message() != null)
                .findFirst()
                .map(resource -> resource.label() + ": " + resource.message())
                .orElse("");
    }

    private static List<List<String>> resources(List<ApplicationStatus> statuses) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RESOURCE", "NAMESPACE", "SYNC", "HEALTH", "MESSAGE"));
        for (ApplicationStatus status : statuses) {
            for (Report.ResourceStatus resourceStatus : status.resources()) {
                rows.add(List.of(
                        resourceStatus.kind() + " " + resourceStatus.name(),
                        text(resourceStatus.namespace()),
                        text(resourceStatus.sync()),
                        text(resourceStatus.health()),
                        resourceStatus.message() == null ? "" : resourceStatus.message()));
            }
            if (status.resources().size() == ApplicationStatus.MAX_RESOURCES) {
                rows.add(List.of("(the first " + ApplicationStatus.MAX_RESOURCES + ")", "", "", "", ""));
            }
        }
        return rows;
    }

    private static List<String> columns(List<List<String>> rows) {
        int count = rows.get(0).size();
        int[] widths = IntStream.range(0, count)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < count; column++) {
                String cell = row.get(column);
                line.append(cell)
                        .append(" ".repeat(widths[column] - cell.length()))
                        .append(GAP);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String text(@CheckForNull String text) {
        return text == null ? "-" : text;
    }

    private static String brief(@CheckForNull String revision) {
        return revision == null ? "-" : ShortRevision.of(revision);
    }
}
