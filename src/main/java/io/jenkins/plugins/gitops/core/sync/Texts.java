package io.jenkins.plugins.gitops.core.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.CleanText;
import java.util.List;
import java.util.stream.Collectors;

/** The words of the verdicts. */
final class Texts {
    private static final int SHORT = 8;

    private Texts() {}

    /** {@code agent dev}, {@code Argo CD main}. */
    static String who(Snapshot snapshot) {
        return snapshot.kind().word() + " " + snapshot.agent();
    }

    /** The first digits of a revision. */
    static String brief(@CheckForNull String revision) {
        return revision == null ? "nothing" : revision.length() > SHORT ? revision.substring(0, SHORT) : revision;
    }

    /** A colon and what somebody else said, or nothing when nothing was. */
    static String because(@CheckForNull String message) {
        return message == null || message.isBlank() ? "" : ": " + message;
    }

    /** The resources that are not done, in the cluster's words. */
    static String progress(List<Report.Resource> resources) {
        return resources.isEmpty()
                ? ""
                : resources.stream()
                        .map(r -> r.label() + because(r.message()))
                        .collect(Collectors.joining("; ", " (", ")"));
    }

    /** One line of bounded length, whatever a cluster or a commit said. */
    static String oneLine(String text) {
        return CleanText.line(text);
    }
}
