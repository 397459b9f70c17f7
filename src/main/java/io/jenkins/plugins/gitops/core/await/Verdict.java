package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The result of a decision. All but {@link Waiting} are final after {@link StabilityWindow} has confirmed them. */
public sealed interface Verdict {
    /** For the log and the pages: always one line, whatever a cluster reported. */
    String summary();

    /**
     * Not live yet, and why.
     *
     * @param recheckAt when to check again, if time alone may change the verdict; null if only an update can
     * @param unready whether the change is applied and a resource that the summary names is not ready, so that only the
     *     change itself can be the cause. Only then does a timeout prove anything against the change
     */
    record Waiting(String summary, @CheckForNull Instant recheckAt, boolean unready) implements Verdict {
        public Waiting {
            summary = VerdictMessages.oneLine(summary);
        }

        /** Creates a verdict of which the change is not known to be the cause. */
        public Waiting(String summary, @CheckForNull Instant again) {
            this(summary, again, false);
        }

        /** Creates a verdict that lasts until the next update. */
        public Waiting(String summary) {
            this(summary, null);
        }

        /** Returns a copy with a longer summary and another time for the next check. */
        public Waiting with(String more, @CheckForNull Instant other) {
            return new Waiting(summary + more, other, unready);
        }
    }

    /**
     * The change is live.
     *
     * @param syncedRevision the revision that runs: the change or a descendant that still has its value
     * @param confirmFor how long the source must keep reporting this before it counts; zero: once is enough
     * @param image the evidence for the image that the change set
     */
    record Live(String syncedRevision, Health health, String summary, Duration confirmFor, ImageProof image)
            implements Verdict {
        public Live {
            summary = VerdictMessages.oneLine(summary);
        }

        /** Creates a verdict that needs no confirmation, for a change that set no image. */
        public Live(String syncedRevision, Health health, String summary) {
            this(syncedRevision, health, summary, Duration.ZERO, ImageProof.NONE);
        }
    }

    /**
     * Waiting cannot help: the agent of the target follows something else, or nothing deploys the target. Not a failure
     * of the change, so nothing is rolled back.
     *
     * @param summary problem and remedy
     * @param confirmFor how long this must be observed before it counts
     */
    record Stalled(String summary, Duration confirmFor) implements Verdict {
        public Stalled {
            summary = VerdictMessages.oneLine(summary);
        }
    }

    /** Another change replaced this one, or came first. */
    record Superseded(String by, String summary) implements Verdict {
        public Superseded {
            summary = VerdictMessages.oneLine(summary);
        }
    }

    /** The change was reverted before it was live. */
    record Reverted(String by, String summary) implements Verdict {
        public Reverted {
            summary = VerdictMessages.oneLine(summary);
        }
    }

    /**
     * The agent gave up, or the running workload is broken.
     *
     * @param syncedRevision the newest revision that was completely applied; null if there is none
     * @param resources the failing resources, with the cluster's messages
     * @param confirmFor how long the source must keep reporting this before it counts; zero: once is enough
     * @param silenceConfirms whether the silence of a source that reports every change confirms the failure, so that
     *     only time has to pass; otherwise the source must report it again
     */
    record Failed(
            @CheckForNull String syncedRevision,
            Health health,
            List<Report.ResourceStatus> resources,
            String summary,
            Duration confirmFor,
            boolean silenceConfirms)
            implements Verdict {
        public Failed {
            summary = VerdictMessages.oneLine(summary);
            resources = List.copyOf(resources);
        }

        /** Creates a verdict that the source must report again, unless it needs no confirmation. */
        public Failed(
                @CheckForNull String syncedRevision,
                Health health,
                List<Report.ResourceStatus> resources,
                String summary,
                Duration settle) {
            this(syncedRevision, health, resources, summary, settle, false);
        }

        /** Creates a verdict that needs no confirmation. */
        public Failed(
                @CheckForNull String syncedRevision,
                Health health,
                List<Report.ResourceStatus> resources,
                String summary) {
            this(syncedRevision, health, resources, summary, Duration.ZERO);
        }
    }
}
