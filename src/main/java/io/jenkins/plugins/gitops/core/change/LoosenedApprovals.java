package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.delivery.DeclaredApprovals;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.FileVersion;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Warns if {@code gitops.yaml} was recently deleted or its approval rules were loosened, since such a commit needs no
 * approval.
 */
public final class LoosenedApprovals {
    /** How long a warning is shown. */
    public static final Duration REPORTED_FOR = Duration.ofDays(30);
    /** Maximum number of versions of the file that are compared. */
    private static final int VERSIONS = 20;

    private LoosenedApprovals() {}

    /**
     * The loosened rules, one line for each environment; no network.
     *
     * @throws IOException when the clone cannot be read
     */
    public static List<String> find(ConfigRepository clone, String tip, Instant now) throws IOException {
        List<FileVersion> versions = clone.fileLog(tip, Delivery.FILE, VERSIONS);
        Optional<DeclaredApprovals> current = versions.isEmpty() ? Optional.empty() : approvals(versions.get(0));
        if (current.isEmpty()) {
            // Either the file never existed, or it is invalid, which is reported elsewhere and blocks all changes.
            return List.of();
        }
        Set<String> told = new HashSet<>();
        List<String> lines = new ArrayList<>();
        for (int i = 1; i < versions.size(); i++) {
            CommitInfo replacedBy = versions.get(i - 1).commit();
            if (replacedBy.when().isBefore(now.minus(REPORTED_FOR))) {
                break;
            }
            Optional<DeclaredApprovals> before = approvals(versions.get(i));
            if (before.isEmpty()) {
                continue;
            }
            for (String environment : before.get().byEnvironment().keySet()) {
                before.get()
                        .lostIn(current.get(), environment)
                        .filter(lost -> told.add(environment))
                        .ifPresent(lost -> lines.add(line(environment, lost, replacedBy)));
            }
        }
        return lines;
    }

    private static String line(String environment, String lost, CommitInfo by) {
        return TextSanitizer.line(Delivery.FILE + ": " + environment + " " + lost + ", since "
                + ShortRevision.of(by.revision()) + " \"" + by.subject() + "\" by " + by.authorName() + ", "
                + by.when().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Empty when the file is invalid. */
    private static Optional<DeclaredApprovals> approvals(FileVersion version) throws IOException {
        if (!version.exists()) {
            return Optional.of(DeclaredApprovals.NONE);
        }
        try {
            Optional<byte[]> content = version.content();
            return content.isPresent() ? Optional.of(DeclaredApprovals.parse(content.get())) : Optional.empty();
        } catch (UserErrorException e) {
            return Optional.empty();
        }
    }
}
