package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.kohsuke.stapler.export.Exported;

/** Why a wait ended without the change being live. Plain data, stored with the build. */
public final class NotLiveCause extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;
    /** A summary may cover many targets. */
    private static final int MAX_SUMMARY_LENGTH = 8 * TextSanitizer.MAX_LENGTH;

    private final String target;
    private final ChangeRecord.Outcome outcome;
    private final String summary;
    private final ArrayList<UnhealthyResource> resources;
    private final String rollback;

    /**
     * @param target {@code application/environment}; several separated by a comma
     * @param summary what happened and who caused it, one line
     * @param resources those that were not Synced and Healthy
     * @param rollback the result of the rollback, or why there was none; null when none was requested
     */
    NotLiveCause(
            String target,
            ChangeRecord.Outcome outcome,
            String summary,
            List<UnhealthyResource> resources,
            @CheckForNull String rollback) {
        // Everything is written to the build's log, and names and messages are untrusted.
        this.target = TextSanitizer.line(target, MAX_SUMMARY_LENGTH);
        this.outcome = outcome;
        this.summary = TextSanitizer.line(summary, MAX_SUMMARY_LENGTH);
        this.resources = new ArrayList<>(resources);
        this.rollback = rollback == null ? null : TextSanitizer.line(rollback, MAX_SUMMARY_LENGTH);
    }

    /** {@code application/environment}. */
    @Exported
    public String getTarget() {
        return target;
    }

    /** The outcome of the wait. */
    @Exported
    public ChangeRecord.Outcome getOutcome() {
        return outcome;
    }

    /** What happened and who caused it. */
    @Exported
    public String getSummary() {
        return summary;
    }

    /** The resources that were not Synced and Healthy, with the cluster's messages. */
    @Exported
    public List<UnhealthyResource> getResources() {
        return resources == null ? List.of() : Collections.unmodifiableList(resources);
    }

    /** The result of the rollback, or why there was none; null when none was requested. */
    @CheckForNull
    @Exported
    public String getRollback() {
        return rollback;
    }

    @Override
    public String getShortDescription() {
        return rollback == null
                ? Messages.NotLiveCause_Description(target, summary)
                : Messages.NotLiveCause_RolledBack(target, summary, rollback);
    }

    /** Prints nothing, since the error that carries this cause already logs the same line. */
    @Override
    public void print(TaskListener listener) {}

    @Override
    public boolean equals(Object other) {
        return other instanceof NotLiveCause
                && target.equals(((NotLiveCause) other).target)
                && outcome == ((NotLiveCause) other).outcome
                && summary.equals(((NotLiveCause) other).summary)
                && Objects.equals(rollback, ((NotLiveCause) other).rollback)
                && getResources().equals(((NotLiveCause) other).getResources());
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, outcome, summary, rollback);
    }
}
