package io.jenkins.plugins.gitops.core.await;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a wait comes to. All but {@link Waiting} are final once {@link StabilityWindow} let them through. */
public sealed interface Verdict {
    /** For the log and the pages: always one line, whatever a cluster said. */
    String summary();

    /**
     * Not yet, and why.
     *
     * @param recheckAt when time alone may change it, so that it is to be looked at again then; null when only news can
     * @param unready whether the change is applied, and a resource that the summary names is not ready: all that is missing
     *     is the change's own. Only then does a time-out prove anything against the change
     */
    record Waiting(String summary, @CheckForNull Instant recheckAt, boolean unready) implements Verdict {
        public Waiting {
            summary = VerdictMessages.oneLine(summary);
        }

        /** Of which the change itself is no cause as far as is known. */
        public Waiting(String summary, @CheckForNull Instant again) {
            this(summary, again, false);
        }

        /** Until there are news. */
        public Waiting(String summary) {
            this(summary, null);
        }

        /** The same, with more to say and another time to look again. */
        public Waiting with(String more, @CheckForNull Instant other) {
            return new Waiting(summary + more, other, unready);
        }
    }

    /**
     * The change runs.
     *
     * @param syncedRevision the revision that runs: the change or a descendant that still holds its value
     * @param confirmFor for how long the source has to say so before it is believed; zero: once is enough
     * @param image what is known of the image that the change set
     */
    record Live(String syncedRevision, Health health, String summary, Duration confirmFor, ImageProof image)
            implements Verdict {
        public Live {
            summary = VerdictMessages.oneLine(summary);
        }

        /** Of a source that is believed at once, of a change that set no image. */
        public Live(String syncedRevision, Health health, String summary) {
            this(syncedRevision, health, summary, Duration.ZERO, ImageProof.NONE);
        }
    }

    /**
     * Waiting alone changes nothing: what deploys the target follows something else, or nothing deploys it. Not a failure of
     * the change, so nothing is taken back.
     *
     * @param summary what is wrong and the way out
     * @param confirmFor for how long that has to be seen before it is believed
     */
    record Stalled(String summary, Duration confirmFor) implements Verdict {
        public Stalled {
            summary = VerdictMessages.oneLine(summary);
        }
    }

    /** Another change took the place before, or instead of, this one. */
    record Superseded(String by, String summary) implements Verdict {
        public Superseded {
            summary = VerdictMessages.oneLine(summary);
        }
    }

    /** The change was taken back before it was seen live. */
    record Reverted(String by, String summary) implements Verdict {
        public Reverted {
            summary = VerdictMessages.oneLine(summary);
        }
    }

    /**
     * The agent gave up, or what runs is broken.
     *
     * @param syncedRevision the newest revision that was wholly applied; null when none was
     * @param resources those to blame, with the cluster's messages
     * @param confirmFor for how long the source has to say so before it is believed; zero: once is enough
     * @param silenceConfirms whether the silence of a source that reports every change confirms it, so that only time has to
     *     pass; otherwise the source has to say it again
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

        /** Of a source that has to say it again unless it is believed at once. */
        public Failed(
                @CheckForNull String syncedRevision,
                Health health,
                List<Report.ResourceStatus> resources,
                String summary,
                Duration settle) {
            this(syncedRevision, health, resources, summary, settle, false);
        }

        /** Of a source that is believed at once. */
        public Failed(
                @CheckForNull String syncedRevision,
                Health health,
                List<Report.ResourceStatus> resources,
                String summary) {
            this(syncedRevision, health, resources, summary, Duration.ZERO);
        }
    }
}
