package io.jenkins.plugins.gitops.core.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.Report.ResourceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Extracts the resources from Flux's messages. */
public final class UnhealthyResources {
    private static final String RESOURCE = "([A-Za-z0-9]+)/(?:([a-z0-9.-]+)/)?([A-Za-z0-9.:-]+)";
    private static final Pattern UNHEALTHY = Pattern.compile(RESOURCE + " status: '([A-Za-z]+)'");
    private static final Pattern REFUSED = Pattern.compile("^" + RESOURCE + " (\\S.*)", Pattern.DOTALL);
    private static final Pattern TOOK = Pattern.compile("^health check failed after [^:]*: ");

    private UnhealthyResources() {}

    /**
     * Parses {@code health check failed after 20s: timeout waiting for: [Deployment/shop/ledger status: 'InProgress']}.
     */
    public static List<ResourceStatus> unhealthy(String message) {
        int list = message.indexOf(": [");
        String cause =
                list < 0 ? "" : " (" + TOOK.matcher(message.substring(0, list)).replaceFirst("") + ")";
        List<ResourceStatus> found = new ArrayList<>();
        Matcher matcher = UNHEALTHY.matcher(message);
        while (matcher.find() && found.size() < ApplicationStatus.MAX_RESOURCES) {
            found.add(new ResourceStatus(
                    matcher.group(1),
                    matcher.group(2),
                    matcher.group(3),
                    SyncState.SYNCED.wireName(),
                    health(matcher.group(4)).wireName(),
                    matcher.group(4) + cause));
        }
        return found;
    }

    /** Parses {@code Service/shop/invoices dry-run failed (Invalid): ...}; empty for a message of another form. */
    public static List<ResourceStatus> rejected(@CheckForNull String message) {
        Matcher matcher = REFUSED.matcher(message == null ? "" : message);
        return matcher.find()
                ? List.of(new ResourceStatus(
                        matcher.group(1),
                        matcher.group(2),
                        matcher.group(3),
                        SyncState.OUT_OF_SYNC.wireName(),
                        null,
                        matcher.group(4).strip()))
                : List.of();
    }

    /** Translates a status of kstatus. */
    private static Health health(String status) {
        return switch (status) {
            case "Failed" -> Health.DEGRADED;
            case "InProgress", "Terminating" -> Health.PROGRESSING;
            case "NotFound" -> Health.MISSING;
            default -> Health.UNKNOWN;
        };
    }
}
