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

/** Why a wait ended without the change being live; plain data, stored with the build. */
public final class NotLiveCause extends CauseOfInterruption {
    private static final long serialVersionUID = 1L;
    /** It may be about many targets. */
    private static final int MAX_SUMMARY_LENGTH = 8 * TextSanitizer.MAX_LENGTH;

    private final String target;
    private final ChangeRecord.Outcome outcome;
    private final String summary;
    private final ArrayList<UnhealthyResource> resources;
    private final String rollback;

    /**
     * @param target {@code application/environment}; several separated by a comma
     * @param summary what happened and by whom, one line
     * @param resources those that were not Synced and Healthy
     * @param rollback whether it was rolled back, to what, or why not; null when nobody asked for it
     */
    NotLiveCause(
            String target,
            ChangeRecord.Outcome outcome,
            String summary,
            List<UnhealthyResource> resources,
            @CheckForNull String rollback) {
        // All of it goes into the build's log, and names and messages come from outside.
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

    /** How the wait ended. */
    @Exported
    public ChangeRecord.Outcome getOutcome() {
        return outcome;
    }

    /** What happened and by whom. */
    @Exported
    public String getSummary() {
        return summary;
    }

    /** The resources that were not Synced and Healthy, with the cluster's messages. */
    @Exported
    public List<UnhealthyResource> getResources() {
        return resources == null ? List.of() : Collections.unmodifiableList(resources);
    }

    /** Whether it was rolled back, to what, or why not; null when nobody asked for it. */
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

    /** Nothing: the error that carries it has the same line for the log. */
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
